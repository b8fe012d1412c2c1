import { bigScenario } from './cases.mjs';
import { processTree, residentMb } from './process-meter.mjs';
import { median } from './statistics.mjs';

const SAMPLE_MS = 20;
const BIG_REQUESTS = 1_500;
/** Garbage collectors give memory back late: figures taken earlier say little about what is kept. */
const SETTLED_MS = 30_000;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Peak memory under a burst of large requests, and memory some time after, on a fresh copy; peers in full runs only. */
export async function runBig(session, targets, lengths, report) {
  const { settleMs } = lengths;
  const results = {};
  const isQuick = settleMs < SETTLED_MS;
  for (const target of targets.filter((each) => each === 'patchbay' || (each !== 'nginx' && !isQuick))) {
    results[`big ${target}`] = { target, ...(await oneBurst(session, target, lengths)) };
    report(`big ${target}: ${JSON.stringify(results[`big ${target}`])}`);
  }
  return results;
}

async function oneBurst(session, target, { settleMs, firstWarmupMs }) {
  const gateway = await session.start(target);
  try {
    const small = { ...bigScenario, name: 'bench-json', bytes: undefined };
    await session.measure(gateway, small, { kind: 'closed', connections: 64, warmupMs: 0, durationMs: firstWarmupMs });
    await sleep(1_000);
    const rss = () => residentMb(processTree(gateway.child.pid));
    const idleMb = rss();
    const sampler = samplePeak(rss);
    const window = await session.measure(gateway, bigScenario, {
      kind: 'batch',
      connections: BIG_REQUESTS,
      warmupMs: 0,
      durationMs: 60_000,
    });
    const peakMb = Math.max(sampler.stop(), rss());
    await sleep(settleMs);
    const { requests, bad, errors, notes } = window;
    return {
      requests,
      bad,
      errors,
      notes,
      idleMb,
      peakMb,
      afterMb: rss(),
      afterSeconds: settleMs / 1000,
      seconds: window.seconds,
    };
  } finally {
    session.stop(gateway);
  }
}

function samplePeak(read) {
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, read())), SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Time from the start command to the first answered request; the first start, which fills caches, is left out. */
export async function runStart(session, targets, lengths, report) {
  const results = {};
  for (const target of targets) {
    const times = [];
    for (let round = 0; round <= lengths.rounds; round += 1) {
      const gateway = await session.start(target);
      session.stop(gateway);
      if (round > 0) times.push(gateway.startMs);
    }
    results[`start ${target}`] = { target, startMs: median(times) };
    report(`start ${target}: ${Math.round(median(times))} ms`);
  }
  return results;
}
