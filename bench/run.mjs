/**
 * `npm run bench`: measures the gateway beside Portkey and nginx, on one core, with load and mock vendor on another.
 *
 * --quick            short windows, under 90 seconds
 * --cases a,b        only these: json, sse64, sse64-translated, live, live1000, latency, rate, big, start, micro
 * --no-peers         only our own gateway
 * --peers-only       only the others
 * --streams N        live streams at once in live1000 (1,000)
 * --rounds N         visits to each series (5; 2 with --quick)
 * --cpu-prof         also writes cpu.prof: where the gateway's time went in 20 seconds of the load, for `go tool pprof`
 * --write            also writes docs/benchmarks.md
 * --update-baseline  stores this run as what later ones are compared with
 * --strict           exit code 1 when something got more than 10 % worse
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareWithBaseline, machineKind, updateBaseline } from './baseline.mjs';
import { ALL_CASES, CASES, LENGTHS, QUICK_CASES } from './cases.mjs';
import { PINNING, endChildrenOnExit, pinSelf } from './children.mjs';
import { derive } from './derive.mjs';
import { caseTable, comparisonText, document, goalTable } from './report.mjs';
import { runMicro } from './run-micro.mjs';
import { runBig, runStart } from './run-own-starts.mjs';
import { runSeries } from './run-series.mjs';
import { Session } from './session.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const OPTIONS = {
  quick: { type: 'boolean', default: false },
  cases: { type: 'string' },
  'no-peers': { type: 'boolean', default: false },
  'peers-only': { type: 'boolean', default: false },
  streams: { type: 'string' },
  rounds: { type: 'string' },
  'cpu-prof': { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  'update-baseline': { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
};
const OWN_START = {
  big: { title: 'Burst of large requests: 1,500 of 150 kB at once', run: runBig },
  start: { title: 'From the start command to the first answer', run: runStart },
  micro: { title: 'Pieces of the library, in one process', run: runMicro },
};

/** Runs the benchmark; resolves to the exit code. */
export async function main(args = process.argv.slice(2)) {
  const { values: options } = parseArgs({ args, options: OPTIONS });
  const names = options.cases?.split(',') ?? (options.quick ? QUICK_CASES : ALL_CASES);
  const unknown = names.filter((name) => !ALL_CASES.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no case ${unknown.join(', ')}. The cases are ${ALL_CASES.join(', ')}.\n`);
    return 1;
  }
  endChildrenOnExit();
  pinSelf();
  const startedMs = performance.now();
  const report = (text) =>
    process.stderr.write(`[${String(Math.round((performance.now() - startedMs) / 1000)).padStart(4)} s] ${text}\n`);
  const session = await Session.open({ isProfiled: options['cpu-prof'] });
  try {
    const outcome = await measureAll(session, names, options, report);
    await outcome.profile;
    return await publish(outcome, options, report);
  } finally {
    session.close();
  }
}

async function measureAll(session, names, options, report) {
  const targets = await startTargets(session, wantedTargets(options), report);
  const profile = options['cpu-prof'] ? takeProfile(session, report) : undefined;
  const lengths = withOptions(LENGTHS[options.quick ? 'quick' : 'full'], options);
  const cases = [];
  for (const name of names) {
    const { title } = CASES[name] ?? OWN_START[name];
    const series =
      CASES[name] === undefined
        ? await OWN_START[name].run(session, targets, lengths, report)
        : await runSeries(session, CASES[name].series(targets, lengths), lengths, report);
    if (Object.keys(series).length > 0) cases.push({ name, title, series });
  }
  return { targets, cases, profile, mock: await session.mockStats() };
}

/** Where our gateway's time goes while it is measured; measuring that costs some of it, so that figures are lower. */
async function takeProfile(session, report) {
  const port = session.running.get('patchbay')?.profilingPort;
  if (port === undefined) return report('no profile: our gateway does not run');
  try {
    const response = await fetch(`http://127.0.0.1:${port}/debug/pprof/profile?seconds=${PROFILED_S}`);
    if (!response.ok) throw new Error(await response.text());
    await writeFile(path.join(ROOT, 'cpu.prof'), Buffer.from(await response.arrayBuffer()));
    return report('cpu.prof is written: go tool pprof -top cpu.prof');
  } catch (error) {
    return report(`no profile: ${error.message}`);
  }
}

const PROFILED_S = 20;

function wantedTargets(options) {
  if (options['peers-only']) return ['portkey', 'nginx'];
  return options['no-peers'] ? ['patchbay'] : ['patchbay', 'portkey', 'nginx'];
}

function withOptions(lengths, { streams, rounds }) {
  return {
    ...lengths,
    ...(streams === undefined ? {} : { liveStreams: Number(streams) }),
    ...(rounds === undefined ? {} : { rounds: Number(rounds) }),
  };
}

/** A peer that cannot be had is left out with a word; the rest is measured all the same. */
async function startTargets(session, wanted, report) {
  const targets = [];
  for (const name of wanted) {
    try {
      await session.add(name);
      targets.push(name);
      report(`${name} serves`);
    } catch (error) {
      report(`${name} is left out: ${error.message}`);
    }
  }
  return targets;
}

async function publish({ targets, cases, mock }, options, report) {
  const series = Object.assign({}, ...cases.map((each) => each.series));
  const rows = derive(series);
  const mode = options.quick ? 'quick' : 'full';
  const comparison = await compareWithBaseline(rows, mode);
  const about = aboutRun(targets, mode, mock);
  const results = { date: new Date().toISOString(), machine: machineKind(), mode, about, rows, cases };
  await mkdir(path.join(ROOT, 'bench/results'), { recursive: true });
  await writeFile(path.join(ROOT, 'bench/results/latest.json'), `${JSON.stringify(results, null, 2)}\n`);
  for (const each of cases) process.stdout.write(`\n${each.title}\n\n${caseTable(each.series)}\n`);
  if (rows.length > 0) process.stdout.write(`\nAgainst the goals\n\n${goalTable(rows)}\n`);
  process.stdout.write(`\n${about.join('\n')}\n${comparisonText(comparison)}\n`);
  if (options.write)
    await writeFile(
      path.join(ROOT, 'docs/benchmarks.md'),
      document({ about, cases, rows, comparison: comparisonText(comparison) }),
    );
  if (options['update-baseline']) await updateBaseline(rows, mode);
  report('done');
  const isBroken = !options['peers-only'] && !targets.includes('patchbay');
  return isBroken || (options.strict && comparison.regressions.length > 0) ? 1 : 0;
}

function aboutRun(targets, mode, mock) {
  const { cpu, cores, platform } = machineKind();
  const pinned =
    PINNING === undefined
      ? 'nothing pinned to cores'
      : `gateway on core ${PINNING.gateway}, load and mock vendor on ${PINNING.others}`;
  return [
    `${cpu}, ${cores} cores, ${platform}, Node ${process.versions.node}; ${pinned}; ${mode} run of ${new Date().toISOString().slice(0, 10)}.`,
    `Measured: ${targets.join(', ') || 'nothing'}. Gateways are visited in turn; figures are medians of windows, percentiles are over all samples.`,
    'Every answer is checked for status and ending, one in 64 per connection is read whole; the mock refuses requests whose key or model was not replaced.',
    `The mock answered ${mock.requests.toLocaleString('en')} requests and refused ${mock.refused}${mock.refused > 0 ? `: ${mock.refusals.join(' | ')}` : ''}.`,
    'Where nginx or the mock is faster than the load generator, compare CPU, not requests a second.',
  ];
}
