/**
 * The doctor as its users meet it: how long `patchbay doctor --json` takes on a default installation and with providers in a
 * network that swallows everything (goals: 5 s and 15 s), and what it finds on gateways that are well, through minutes of
 * traffic (goal: nothing). `--minutes 2` makes it shorter; `--write` writes docs/benchmarks-doctor.md.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { startFrozen } from '../packages/gateway/test/support/frozen-server.ts';
import { numberAfter, soak } from '../scripts/doctor-soak.mjs';
import { startAlone, startTeam } from '../scripts/lib/soak-stage.mjs';

const CLI = new URL('../packages/gateway/src/cli/main.ts', import.meta.url).href;
const PROGRAM = `import { main } from '${CLI}'; process.exitCode = await main(process.argv.slice(1));`;
const PAGE = fileURLToPath(new URL('../docs/benchmarks-doctor.md', import.meta.url));
const PROVIDERS = ['OPENAI', 'ANTHROPIC', 'GROQ', 'MISTRAL', 'DEEPSEEK', 'XAI', 'TOGETHER', 'CEREBRAS'];

/** Settings of providers who all live at a port that takes no connection and refuses none. */
const swallowedBy = (port) =>
  Object.fromEntries(
    PROVIDERS.flatMap((name, at) => [
      [`${name}_API_KEY`, `key-of-the-benchmark-${at}`],
      [`${name}_BASE_URL`, `https://127.0.0.1:${port}/v1`],
    ]),
  );
const storesAt = (port) => ({
  DATABASE_URL: `postgres://patchbay:none@127.0.0.1:${port}/patchbay`,
  REDIS_URL: `redis://127.0.0.1:${port}`,
});
const SOAKED = [
  { name: 'one gateway on its embedded store, the simulator in four dialects', start: startAlone },
  {
    name: 'two gateways on one PostgreSQL and one Redis; two vendors with two accounts each, who now and then answer 500 or 429',
    start: startTeam,
  },
];

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Measures, prints and, when asked to, writes the page; resolves to the exit code. */
export async function main(args) {
  const minutes = numberAfter(args, '--minutes', 10);
  const examined = await examineAll();
  // Both beside each other: neither asks for all that the machine has.
  const soaked = await Promise.all(
    SOAKED.map(async ({ name, start }) => ({ name, ...(await soak({ seconds: minutes * 60, everyS: 10, start })) })),
  );
  const page = render(examined, soaked, minutes);
  process.stdout.write(page);
  if (args.includes('--write')) await writeFile(PAGE, page);
  const well =
    examined.every(({ tookMs, goalMs }) => tookMs < goalMs) &&
    soaked.every(({ failed, findings }) => failed === 0 && findings.length === 0);
  return well ? 0 : 1;
}

async function examineAll() {
  const frozen = await startFrozen();
  try {
    return [
      { name: 'default installation', goalMs: 5000, ...(await examine({})) },
      {
        name: `${PROVIDERS.length} providers, connections are swallowed`,
        goalMs: 15_000,
        ...(await examine(swallowedBy(frozen.port))),
      },
      {
        name: 'the same, and PostgreSQL and Redis with them',
        goalMs: 15_000,
        ...(await examine({ ...swallowedBy(frozen.port), ...storesAt(frozen.port) })),
      },
    ];
  } finally {
    frozen.thaw();
  }
}

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

function render(examined, soaked, minutes) {
  const examinations = examined.map(
    ({ name, tookMs, goalMs, codes }) =>
      `| ${name} | ${seconds(tookMs)} | ${seconds(goalMs)} | ${codes.map((code) => `\`${code}\``).join(', ') || 'nothing'} |`,
  );
  const soaks = soaked.map(
    ({ name, calls, failed, looks, findings }) =>
      `| ${name} | ${calls} | ${failed} | ${looks} | ${findings.map(({ code }) => `\`${code}\``).join(', ') || 'nothing'} |`,
  );
  return `# Benchmarks of the doctor

Written by \`npm run bench:doctor -- --write\`.

\`patchbay doctor --json\` from the command to its end, no gateway running:

| Installation | took | goal | found |
|---|---|---|---|
${examinations.join('\n')}

${minutes} minutes of traffic on gateways that are well, looked over every ten seconds; whatever is found beyond a piece of
information is false:

| Installation | calls | failed | looked over | found |
|---|---|---|---|---|
${soaks.join('\n')}
`;
}
