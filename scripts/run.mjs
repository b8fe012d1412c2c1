/**
 * Starts everything: the gateway, its command line, the tests, the proof of the dialects, the gates, the benchmarks,
 * the refreshing of prices and the writing of new records.
 * Plain JavaScript that Node 20 can run with nothing installed: it installs what is missing and then
 * continues on the pinned runtime.
 */
import { spawn } from 'node:child_process';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dieWithParent, endWithStarter, relaySignals } from './lib/child-life.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { CONDITION, findRuntime, isGoodRuntime } from './lib/find-runtime.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** What each command imports, and how it is then called. */
const COMMANDS = {
  start: { file: 'packages/gateway/src/main.ts', call: (loaded) => loaded.serve() },
  patchbay: { file: 'packages/gateway/src/cli/main.ts', call: (loaded, args) => loaded.main(args) },
  test: { file: 'scripts/test.mjs', call: (loaded, args) => loaded.main(args) },
  'test:coverage': { file: 'scripts/test-coverage.mjs', call: (loaded, args) => loaded.main(args) },
  'test:race': { file: 'scripts/test-race.mjs', call: (loaded, args) => loaded.main(args) },
  check: { file: 'scripts/check.mjs', call: (loaded, args) => loaded.main(args) },
  models: { file: 'scripts/sync-models.mjs', call: (loaded, args) => loaded.main(args) },
  new: { file: 'scripts/new.mjs', call: (loaded, args) => loaded.main(args) },
  'doctor:soak': { file: 'scripts/doctor-soak.mjs', call: (loaded, args) => loaded.main(args) },
  conformance: { file: 'scripts/conformance.mjs', call: (loaded) => loaded.main() },
  matrix: { file: 'scripts/write-matrix.mjs', call: (loaded) => loaded.main() },
  permissions: { file: 'scripts/write-permissions.mjs', call: (loaded) => loaded.main() },
  symptoms: { file: 'scripts/write-symptoms.mjs', call: (loaded) => loaded.main() },
  package: { file: 'scripts/check-package.mjs', call: (loaded) => loaded.main() },
  'bench:console': { file: 'bench/console.mjs', call: (loaded, args) => loaded.main(args) },
  'bench:doctor': { file: 'bench/doctor.mjs', call: (loaded, args) => loaded.main(args) },
  'bench:cpu': { file: 'bench/cpu.mjs', call: (loaded, args) => loaded.main(args) },
  'bench:sdk': { file: 'bench/sdk.mjs', call: (loaded, args) => loaded.main(args) },
  console: { file: 'scripts/build-console.mjs', call: (loaded, args) => loaded.main(args) },
  screenshots: { file: 'scripts/screenshots.mjs', call: (loaded, args) => loaded.main(args) },
  examples: { file: 'scripts/run-examples.mjs', call: (loaded, args) => loaded.main(args) },
  image: { file: 'scripts/check-image.mjs', call: (loaded) => loaded.main() },
  bench: { file: 'bench/run.mjs', call: (loaded, args) => loaded.main?.(args) },
};

/** Commands that serve pages, or try them. */
const NEED_CONSOLE = new Set(['start', 'test', 'screenshots', 'bench:console']);

/**
 * Pieces of large bodies are mapped one by one and so given back when they are freed. By itself glibc soon stops doing
 * that and keeps them in one heap, which small things that stay hold at the size of the largest burst. Measured with
 * 1,500 requests of 150 kB: a minute later twice the idle memory with 128 KiB, the idle memory with 16 KiB.
 */
const MEMORY_SETTINGS = { MALLOC_MMAP_THRESHOLD_: '16384', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' };

/**
 * A command lives for seconds. Where young objects have room from the start, a quarter of its time is not spent on
 * collecting them; a gateway that serves keeps to the little that it needs.
 */
const BRIEF_OPTIONS = ['--min-semi-space-size=16'];

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  refuse(`Say what to run: ${Object.keys(COMMANDS).join(', ')}.`);
}

await ensureInstalled(ROOT).catch((error) => refuse(error.message));
const hasCondition = process.execArgv.some((each) => each.includes(CONDITION));
// glibc reads these once, when a process begins.
const hasMemorySettings = name !== 'start' || process.platform !== 'linux' || process.env.MALLOC_MMAP_THRESHOLD_;
if (isGoodRuntime(process.versions.node) && hasCondition && hasMemorySettings) {
  await runHere(command, args);
} else {
  runOnPinned(name, args);
}

async function runHere({ file, call }, commandArgs) {
  if (process.channel === undefined) endWithStarter(name);
  else dieWithParent();
  module.enableCompileCache?.(path.join(ROOT, 'node_modules/.cache/compile'));
  if (NEED_CONSOLE.has(name)) await (await import('./build-console.mjs')).ensureConsole();
  const loaded = await import(pathToFileURL(path.join(ROOT, file)).href);
  const exitCode = await call(loaded, commandArgs);
  if (typeof exitCode === 'number') process.exitCode = exitCode;
}

function runOnPinned(commandName, commandArgs) {
  const runtime = findRuntime(ROOT);
  if (runtime === undefined) {
    refuse(
      `Patchbay needs Node 24.15 or later; this is ${process.versions.node} and no pinned runtime is installed for ` +
        `${process.platform}-${process.arch}. Install Node 24.15 or later and run the command again.`,
    );
  }
  const script = fileURLToPath(import.meta.url);
  const options = commandName === 'patchbay' && commandArgs[0] !== 'serve' ? BRIEF_OPTIONS : [];
  const child = spawn(runtime, [...options, `--conditions=${CONDITION}`, script, commandName, ...commandArgs], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...MEMORY_SETTINGS, ...process.env },
  });
  relaySignals(child);
  endWithStarter(commandName);
  child.on('error', (error) => refuse(`The runtime ${runtime} could not be started: ${error.message}.`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
