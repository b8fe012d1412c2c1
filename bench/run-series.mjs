import { PINNING } from './children.mjs';
import { PACED_EVENTS } from './payloads.mjs';
import { CAN_METER } from './process-meter.mjs';
import { median, percentile } from './statistics.mjs';

/** Visits all series of one case in turn, as many rounds as asked; gives one record of figures per series. */
export async function runSeries(session, series, lengths, report) {
  const windows = new Map(series.map(({ key }) => [key, []]));
  const rounds = series.some(({ isLive }) => isLive) ? lengths.liveRounds : lengths.rounds;
  for (let round = 0; round < rounds; round += 1) {
    for (const each of series) {
      const warmupMs = round === 0 ? lengths.firstWarmupMs : lengths.warmupMs;
      const load = { warmupMs, durationMs: lengths.durationMs, ...each.load };
      const window = await session.measure(session.running.get(each.target), each.scenario, load);
      windows.get(each.key).push(window);
      report(`${each.key}, round ${round + 1} of ${rounds}: ${describe(window)}`);
      await session.untilIdle();
    }
  }
  return Object.fromEntries(
    series.map((each) => [each.key, { target: each.target, ...figures(windows.get(each.key), each) }]),
  );
}

function describe({ requests, seconds, cpuSeconds, bad, errors, notes }) {
  const trouble = bad + errors > 0 ? `, ${bad} bad, ${errors} errors: ${notes.join(' | ')}` : '';
  return `${Math.round(requests / seconds)} a second, CPU ${Math.round((cpuSeconds / seconds) * 100)} %${trouble}`;
}

/** Medians over the windows; percentiles over all samples of all windows. */
function figures(windows, { isLive, target }) {
  const of = (read) => median(windows.map(read));
  const sum = (read) => windows.reduce((total, each) => total + read(each), 0);
  const latencies = windows.flatMap((each) => [...each.latenciesMs]);
  const firstBytes = windows.flatMap((each) => [...each.firstBytesMs]);
  const isMetered = CAN_METER && target !== 'direct';
  return {
    perSecond: of((each) => each.requests / each.seconds),
    cpuPer10k: isMetered ? of((each) => (each.cpuSeconds / each.requests) * 10_000) : undefined,
    corePercent: isMetered ? of((each) => (each.cpuSeconds / each.seconds) * 100) : undefined,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    firstByteP50Ms: percentile(firstBytes, 0.5),
    firstByteP99Ms: percentile(firstBytes, 0.99),
    bad: sum((each) => each.bad + each.warmBad),
    errors: sum((each) => each.errors),
    notes: [...new Set(windows.flatMap((each) => each.notes))],
    foreignPercent: isMetered && PINNING !== undefined ? of(foreignPercent) : undefined,
    ...(isLive ? { stalls: sum((each) => each.stalls), ...liveFigures(windows, of, isMetered) } : {}),
  };
}

/** Business of the gateway's core that was not the gateway's: a window with much of it says little. */
const foreignPercent = (window) => Math.max(0, ((window.coreBusySeconds - window.cpuSeconds) / window.seconds) * 100);

/** Streams are cut by the window's ends, so events are counted by the bytes that came. */
function liveFigures(windows, of, isMetered) {
  const whole = windows.filter((each) => each.requests > 0);
  if (whole.length === 0) return {};
  const events = (each) => (each.bytes / (each.answerBytes / each.requests)) * PACED_EVENTS;
  return {
    eventsPerSecond: of((each) => (each.requests > 0 ? events(each) / each.seconds : 0)),
    cpuMicrosPerEvent: isMetered ? median(whole.map((each) => (each.cpuSeconds / events(each)) * 1e6)) : undefined,
    eventsPerRead: median(whole.map((each) => events(each) / each.reads)),
  };
}
