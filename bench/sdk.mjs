/**
 * The library beside the `ai` package and OpenAI's own, in one run against one server: processor time of a call and of an
 * event, memory of an open stream. `--write` writes docs/benchmarks-sdk.md.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { installOffline, packLibrary } from '../scripts/lib/pack-library.mjs';
import { ask, endChild, endChildrenOnExit, startChild } from './children.mjs';
import { median } from './statistics.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '..');
const PAGE = path.join(ROOT, 'docs/benchmarks-sdk.md');

const NAMES = ['fetch', 'patchbay', 'ai', 'ai, patchbay as its provider', 'openai'];
/** Rounds in which everybody has a turn, so that a slow moment of the machine is nobody's own. */
const ROUNDS = 5;
const CALLS = { task: 'calls', count: 800 };
const EVENTS = { task: 'events', count: 20, each: 500 };
const OPEN = { task: 'open', count: 100 };

/** Measures, prints and, when asked to, writes the page; resolves to the exit code. */
export async function main(args) {
  endChildrenOnExit();
  // As users have it, built and installed.
  const home = await mkdtemp(path.join(os.tmpdir(), 'patchbay-bench-'));
  const { tarball } = await packLibrary(ROOT, path.join(home, 'package'), { noCheck: true });
  const installed = path.join(await installOffline(ROOT, tarball, home), 'node_modules/@patchbay/llm/dist');
  const server = startChild('others', process.execPath, [path.join(HERE, 'sdk-server.mjs')], { hasChannel: true });
  const { url } = await ask(server);
  const contestants = new Map();
  for (const name of NAMES) {
    const program = [path.join(HERE, 'sdk-contestant.mjs'), installed];
    const child = startChild('gateway', process.execPath, ['--expose-gc', ...program], { hasChannel: true, cwd: ROOT });
    await ask(child);
    contestants.set(name, child);
  }
  const page = render(await measure(contestants, url));
  for (const child of [...contestants.values(), server]) endChild(child);
  await rm(home, { recursive: true, force: true });
  process.stdout.write(page);
  if (args.includes('--write')) await writeFile(PAGE, page);
  return 0;
}

/** The medians of every contestant, by its name. */
async function measure(contestants, url) {
  const samples = new Map(NAMES.map((name) => [name, { calls: [], events: [] }]));
  const turn = (name, task) => ask(contestants.get(name), { name, url, ...task });
  for (const name of NAMES) for (const task of [CALLS, EVENTS]) await turn(name, task);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of NAMES)
      for (const task of [CALLS, EVENTS]) samples.get(name)[task.task].push(await turn(name, task));
  const rows = [];
  for (const name of NAMES) {
    const { calls, events } = samples.get(name);
    rows.push({ name, callUs: median(calls), eventUs: median(events), openKb: await turn(name, OPEN) });
  }
  return rows;
}

const LABELS = {
  fetch: '`fetch` and `JSON.parse`, bytes of streams unread',
  patchbay: '`@patchbay/llm`',
  ai: '`ai` with `@ai-sdk/openai`',
  'ai, patchbay as its provider': '`ai` with `@patchbay/llm/ai-sdk`',
  openai: '`openai`',
};

function render(rows) {
  const [bare] = rows;
  const line = ({ name, callUs, eventUs, openKb }) =>
    `| ${LABELS[name]} | ${callUs.toFixed(0)} | ${(callUs - bare.callUs).toFixed(0)} | ${eventUs.toFixed(2)} | ${(eventUs - bare.eventUs).toFixed(2)} | ${openKb.toFixed(1)} |`;
  return `# Benchmarks of the library

Written by \`npm run bench:sdk -- --write\`; do not edit. Everybody talks to the same server on loopback in OpenAI's chat
dialect, in a process of their own, in turns; figures are medians of ${ROUNDS} turns after one that warms up.

- ${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, ${os.cpus().length} cores, ${process.platform}-${process.arch}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.
- A call: a prompt of 1 kB, a whole answer of 1 kB; ${CALLS.count} one after another. An event: one word of a stream of ${EVENTS.each}, read as text;
  ${EVENTS.count} streams one after another. An open stream: ${OPEN.count} at once, the first word read, heap and buffers after a collection.
- Processor time of the process, not time on the clock: network and server are not in it. "Over" is over bare \`fetch\`.

|  | call, µs | over, µs | event, µs | over, µs | open stream, kB |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.map(line).join('\n')}
`;
}
