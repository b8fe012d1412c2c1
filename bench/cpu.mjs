/**
 * `npm run bench:cpu -- <folder> [<folder>]`: processor time of a request, of the gateways from two folders of sources,
 * by default the second one from here. Both work at the same time on one core, so that whatever else the machine does
 * meets both alike, and processor time is not lost to other programs as time is. The ratio is what is to be read.
 *
 * --cases a,b   only these: json, sse64, json-translated, sse64-translated
 * --rounds N    windows of two seconds for each case (15)
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { COMPARED } from './cases.mjs';
import { endChildrenOnExit, pinSelf } from './children.mjs';
import { Session } from './session.mjs';
import { median, percentile } from './statistics.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const OPTIONS = { cases: { type: 'string' }, rounds: { type: 'string', default: '15' } };
const FIRST_WARMUP_MS = 6_000;
const WARMUP_MS = 200;
const WINDOW_MS = 2_000;

/** Compares; resolves to the exit code. */
export async function main(args = process.argv.slice(2)) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [before, after = ROOT] = positionals;
  const cases = values.cases?.split(',') ?? Object.keys(COMPARED);
  if (before === undefined || cases.some((name) => COMPARED[name] === undefined)) {
    process.stderr.write(`Name a folder of sources, and cases of ${Object.keys(COMPARED).join(', ')}.\n`);
    return 1;
  }
  endChildrenOnExit();
  pinSelf();
  const sessions = [await Session.open(), await Session.open()];
  try {
    await sessions[0].add('patchbay', path.resolve(before));
    await sessions[1].add('patchbay', path.resolve(after));
    for (const name of cases) await compare(sessions, name, Number(values.rounds));
    return 0;
  } finally {
    for (const session of sessions) session.close();
  }
}

/** Tells what a request costs the second gateway of what it costs the first. */
async function compare(sessions, name, rounds) {
  const costs = [];
  for (let round = 0; round < rounds; round += 1) {
    const warmupMs = round === 0 ? FIRST_WARMUP_MS : WARMUP_MS;
    costs.push(await Promise.all(sessions.map((session) => costOf(session, name, warmupMs))));
  }
  const ratios = costs.map(([before, after]) => after / before);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => percentile(ratios, share).toFixed(3));
  const [first, second] = [0, 1].map((which) => median(costs.map((each) => each[which])).toFixed(1));
  process.stdout.write(`${name}: ${first} µs, then ${second} µs, ratio ${middle} (half within ${low} to ${high})\n`);
}

/** Processor time of one request in a window, in microseconds. */
async function costOf(session, name, warmupMs) {
  const { scenario, load } = COMPARED[name];
  const plan = { ...load, warmupMs, durationMs: WINDOW_MS };
  const window = await session.measure(session.running.get('patchbay'), scenario, plan);
  if (window.bad + window.errors > 0) throw new Error(`${name}: ${window.notes.join(' | ')}`);
  return (window.cpuSeconds / window.requests) * 1e6;
}
