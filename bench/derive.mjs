/**
 * What the figures say about the product: one row per goal, computed from the series of one run.
 * `better` tells the direction; `first` and `goal` are the bars of the design, absent where it sets none.
 */
export function derive(series) {
  const of = (key, field) => series[key]?.[field];
  const cpuRatio = (name, peer) => divide(of(`${name} ${peer}`, 'cpuPer10k'), of(`${name} patchbay`, 'cpuPer10k'));
  const rateRatio = (name, peer) => divide(of(`${name} patchbay`, 'perSecond'), of(`${name} ${peer}`, 'perSecond'));
  const own = (name) => of(`sse64-translated ${name}`, 'cpuPer10k');
  const added = (key, field) => subtract(of(`${key} patchbay`, field), of(`${key} direct`, field));
  const high = { better: 'higher' };
  const low = { better: 'lower' };
  const rows = [
    row('json-per-second', 'JSON requests a second, one core', of('json patchbay', 'perSecond'), high),
    row('json-cpu', 'JSON, CPU seconds per 10,000', of('json patchbay', 'cpuPer10k'), low),
    row('json-vs-portkey', 'JSON a second, times Portkey', rateRatio('json', 'portkey'), {
      ...high,
      first: 5,
      goal: 12,
    }),
    row('json-cpu-vs-portkey', 'JSON for the same CPU, times Portkey', cpuRatio('json', 'portkey'), {
      ...high,
      first: 5,
      goal: 12,
    }),
    row('json-cpu-vs-nginx', 'JSON for the same CPU, times nginx', cpuRatio('json', 'nginx'), high),
    row('sse64-per-second', 'Streams of 64 a second, one core', of('sse64 patchbay', 'perSecond'), high),
    row('sse64-cpu', 'Streams of 64, CPU seconds per 10,000', of('sse64 patchbay', 'cpuPer10k'), low),
    row('sse64-vs-portkey', 'Streams of 64 a second, times Portkey', rateRatio('sse64', 'portkey'), {
      ...high,
      first: 5,
      goal: 15,
    }),
    row('sse64-cpu-vs-portkey', 'Streams of 64 for the same CPU, times Portkey', cpuRatio('sse64', 'portkey'), {
      ...high,
      first: 5,
      goal: 15,
    }),
    row('sse64-cpu-vs-nginx', 'Streams of 64 for the same CPU, times nginx', cpuRatio('sse64', 'nginx'), {
      ...high,
      first: 0.3,
      goal: 0.65,
    }),
    row(
      'translated-anthropic-client',
      'Anthropic client on OpenAI upstream, times pass-through',
      divide(own('openai as it is'), own('anthropic client, openai upstream')),
      { ...high, first: 0.4, goal: 0.6 },
    ),
    row(
      'translated-openai-client',
      'OpenAI client on Anthropic upstream, times pass-through',
      divide(own('openai as it is'), own('openai client, anthropic upstream')),
      { ...high, first: 0.4, goal: 0.6 },
    ),
    row('added-p50-ms', 'Added latency p50 at one connection, ms', added('latency json', 'p50Ms'), low),
    row('added-p99-ms', 'Added latency p99 at one connection, ms', added('latency json', 'p99Ms'), {
      ...low,
      first: 1.5,
      goal: 0.5,
    }),
    row('added-first-token-p99-ms', 'Added time to first token p99, ms', added('latency sse64', 'firstByteP99Ms'), {
      ...low,
      first: 2,
      goal: 0.5,
    }),
    row('rate-added-p99-ms', 'Added latency p99 at 300 a second, ms', added('rate', 'p99Ms'), low),
    row(
      'live-stalls',
      '1,000 live streams: silences over 100 ms, beyond those without a gateway',
      atLeastZero(added('live1000', 'stalls')),
      { ...low, first: 0, goal: 0 },
    ),
    row('live-cpu-per-event', 'Live streams: CPU per event, µs', of('live patchbay', 'cpuMicrosPerEvent'), low),
    row(
      'live-cpu-vs-nginx',
      'Live streams: events for the same CPU, times nginx',
      divide(of('live nginx', 'cpuMicrosPerEvent'), of('live patchbay', 'cpuMicrosPerEvent')),
      { ...high, goal: 0.8 },
    ),
    row('big-peak-mb', 'Large requests: peak memory, MB', of('big patchbay', 'peakMb'), {
      ...low,
      first: 1000,
      goal: 500,
    }),
    row(
      'big-after-ratio',
      'Large requests: memory after, times idle',
      divide(of('big patchbay', 'afterMb'), of('big patchbay', 'idleMb')),
      { ...low, first: 1.2, goal: 1.2 },
    ),
    row('start-ms', 'Start to serving, ms', of('start patchbay', 'startMs'), { ...low, first: 1500, goal: 500 }),
  ];
  return rows.filter((each) => each.value !== undefined);
}

const row = (id, title, value, bar) => ({ id, title, value, ...bar });
const atLeastZero = (value) => (value === undefined ? undefined : Math.max(0, value));
const divide = (a, b) => (a === undefined || !(b > 0) ? undefined : a / b);
const subtract = (a, b) => (a === undefined || b === undefined ? undefined : a - b);

/** How a value stands against the bars: `goal`, `first`, `below`, or `` where there is no bar. */
export function standing({ value, better, first, goal }) {
  const meets = (bar) => bar !== undefined && (better === 'higher' ? value >= bar : value <= bar);
  if (goal === undefined) return '';
  if (meets(goal)) return 'goal met';
  if (first === undefined) return 'below the goal';
  return meets(first) ? 'first bar met' : 'below the bar';
}
