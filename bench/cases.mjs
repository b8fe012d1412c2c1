import { PINNING } from './children.mjs';
import { BURST_EVENTS, JSON_TEXT, PACED_EVENTS, streamText } from './payloads.mjs';

/** What a client asks for. `provider` is the dialect of the upstream, `dialect` the client's. */
const scenario = (dialect, provider, name, isStream) => ({ dialect, provider, name, isStream });
const json = scenario('openai', 'openai', 'bench-json', false);
const sse = scenario('openai', 'openai', 'bench-sse', true);
/** On one core, load and mock cannot carry 100,000 events a second without stalls of their own. */
const MANY_EVERY_MS = PINNING !== undefined && PINNING.others.includes('-') ? 10 : 20;
const paced = (everyMs) => scenario('openai', 'openai', `bench-paced-${everyMs}`, true);
const anthropicToOpenAi = scenario('anthropic', 'openai', 'bench-sse', true);
const openAiToAnthropic = scenario('openai', 'anthropic', 'bench-sse', true);
const jsonToAnthropic = scenario('openai', 'anthropic', 'bench-json', false);
const anthropicPlain = scenario('anthropic', 'anthropic', 'bench-sse', true);
/** A coding agent's request: 150 kB, answered a second later. */
export const bigScenario = { ...scenario('openai', 'openai', 'bench-held', false), bytes: 150_000 };

/** The text that must come back for a scenario. */
export function expectedAnswer({ dialect, provider, name, isStream }) {
  const events = name.includes('paced') ? PACED_EVENTS : BURST_EVENTS;
  return { dialect, isStream, text: isStream ? streamText(provider, events) : JSON_TEXT };
}

/** Lengths of a full run and of `--quick`, in milliseconds, and how often each series is visited. */
export const LENGTHS = {
  full: {
    rounds: 5,
    firstWarmupMs: 3_000,
    warmupMs: 600,
    durationMs: 2_000,
    liveRounds: 2,
    liveMs: 6_000,
    liveDrainMs: 4_500,
    settleMs: 60_000,
  },
  quick: {
    rounds: 2,
    firstWarmupMs: 700,
    warmupMs: 200,
    durationMs: 700,
    liveRounds: 1,
    liveMs: 1_500,
    liveDrainMs: 200,
    settleMs: 2_000,
  },
};

const DIRECTIONS = [
  ['openai as it is', sse],
  ['anthropic as it is', anthropicPlain],
  ['anthropic client, openai upstream', anthropicToOpenAi],
  ['openai client, anthropic upstream', openAiToAnthropic],
];
const translatedSeries = ([name, direction]) => ({
  key: `sse64-translated ${name}`,
  target: 'patchbay',
  scenario: direction,
  load: closed(32),
});

const liveSeries = (key, target, { connections, everyMs }, { liveMs, liveDrainMs }) => ({
  key: `${key} ${target}`,
  target,
  scenario: paced(everyMs),
  isLive: true,
  load: {
    kind: 'closed',
    connections,
    rampMs: PACED_EVENTS * everyMs,
    warmupMs: PACED_EVENTS * everyMs + 500,
    durationMs: liveMs,
    drainMs: liveDrainMs,
  },
});

const closed = (connections) => ({ kind: 'closed', connections });

/**
 * The measured cases by name. Each gives series, one per gateway and scenario, which are visited in turn, round by
 * round, so that a disturbance of the machine meets all of them.
 */
export const CASES = {
  json: {
    title: 'JSON, 2 kB request, 1.2 kB answer, 64 connections',
    series: (targets) => targets.map((target) => ({ key: `json ${target}`, target, scenario: json, load: closed(64) })),
  },
  sse64: {
    title: 'Stream of 64 events in one burst, 32 connections',
    series: (targets) => targets.map((target) => ({ key: `sse64 ${target}`, target, scenario: sse, load: closed(32) })),
  },
  'sse64-translated': {
    title: 'The same stream, translated between the dialects',
    series: (targets) => (targets.includes('patchbay') ? DIRECTIONS.map(translatedSeries) : []),
  },
  live: {
    title: 'Live streams, 200 at once, 200 events each at 10 ms',
    series: (targets, lengths) =>
      ['direct', ...targets].map((target) => liveSeries('live', target, { connections: 200, everyMs: 10 }, lengths)),
  },
  live1000: {
    title: `Live streams, 1,000 at once, 200 events each at ${MANY_EVERY_MS} ms`,
    series: (targets, lengths) =>
      ['direct', ...targets].map((target) =>
        liveSeries('live1000', target, { connections: lengths.liveStreams ?? 1_000, everyMs: MANY_EVERY_MS }, lengths),
      ),
  },
  latency: {
    title: 'One connection: what a gateway adds',
    series: (targets) => [
      ...['direct', ...targets].map((target) => ({
        key: `latency json ${target}`,
        target,
        scenario: json,
        load: closed(1),
      })),
      ...['direct', ...targets].map((target) => ({
        key: `latency sse64 ${target}`,
        target,
        scenario: sse,
        load: closed(1),
      })),
    ],
  },
  rate: {
    title: 'JSON at a fixed rate of 300 a second',
    series: (targets) =>
      ['direct', ...targets].map((target) => ({
        key: `rate ${target}`,
        target,
        scenario: json,
        load: { kind: 'open', rate: 300 },
      })),
  },
};

/** What a request costs is told for each of these when two trees are compared. */
export const COMPARED = {
  json: { scenario: json, load: closed(64) },
  sse64: { scenario: sse, load: closed(32) },
  'json-translated': { scenario: jsonToAnthropic, load: closed(64) },
  'sse64-translated': { scenario: openAiToAnthropic, load: closed(32) },
};

/** Cases that start gateways of their own. */
const OWN_START_CASES = ['big', 'start', 'micro'];
export const ALL_CASES = [...Object.keys(CASES), ...OWN_START_CASES];
/** What `--quick` runs unless told otherwise. */
export const QUICK_CASES = ALL_CASES.filter((name) => name !== 'live1000' && name !== 'rate');
