/**
 * `node --conditions=patchbay-src bench/doctor.mjs`: how long `patchbay doctor --json` takes, from the command to its
 * end, on a default installation and with providers in a network that swallows everything. Goals: 5 s and 15 s.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

const CLI = new URL('../packages/gateway/src/cli/main.ts', import.meta.url).href;
const PROGRAM = `import { main } from '${CLI}'; process.exitCode = await main(process.argv.slice(1));`;
/** RFC 5737: addresses that lead nowhere. */
const NOWHERE = ['192.0.2.1', '198.51.100.1', '203.0.113.1'];
const PROVIDERS = ['OPENAI', 'ANTHROPIC', 'GROQ', 'MISTRAL', 'DEEPSEEK', 'XAI', 'TOGETHER', 'CEREBRAS'];

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Runs the command once; resolves to what it took and found. */
async function examine(environment) {
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-bench-'));
  const env = { PATH: process.env.PATH, PORT: '0', DATA_DIR: path.join(folder, 'data'), ...environment };
  const node = ['--conditions=patchbay-src', '--input-type=module-typescript', '-e', PROGRAM, '--', 'doctor', '--json'];
  const startedMs = performance.now();
  const output = await new Promise((resolve) => {
    execFile(process.execPath, node, { cwd: folder, env }, (_, stdout) => resolve(stdout));
  });
  const tookMs = performance.now() - startedMs;
  await rm(folder, { recursive: true, force: true });
  return { tookMs, codes: [...new Set(JSON.parse(output).findings.map(({ code }) => code))] };
}

const byAddress = PROVIDERS.flatMap((name, at) => [
  [`${name}_API_KEY`, `key-of-the-benchmark-${at}`],
  [`${name}_BASE_URL`, `https://${NOWHERE[at % NOWHERE.length]}/v1`],
]);
const cases = [
  ['default installation', {}, 5000],
  ['eight providers, nobody answers', Object.fromEntries(byAddress), 15_000],
];
for (const [name, environment, goalMs] of cases) {
  const { tookMs, codes } = await examine(environment);
  const verdict = tookMs < goalMs ? 'within' : 'over';
  process.stdout.write(`${name}: ${seconds(tookMs)}, ${verdict} ${seconds(goalMs)} (${codes.join(', ')})\n`);
  if (tookMs >= goalMs) process.exitCode = 1;
}
