/**
 * `npm run test:race`: runs everything that several do at once (processes that share a store, renewals of one token, limits
 * that many reach, clients that leave) again and again, with as many rounds side by side as there are cores, so that
 * steps fall in another order each time. `--rounds N`, default 5; other words choose tests like those of `npm test`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const RUN = path.join(path.dirname(fileURLToPath(import.meta.url)), 'run.mjs');
const ROUNDS = 5;

/** Tests in which the order of steps matters, by parts of their paths. */
const RACES = [
  'gateway/test/coordination/',
  'gateway/test/limits/',
  'gateway/test/oauth/processes',
  'gateway/test/upstream/abort-and-pause',
  'gateway/test/upstream/connections',
  'gateway/test/keep-alive',
  'gateway/test/slow-clients',
  'gateway/test/failover',
  'gateway/test/storage/outage',
  'gateway/src/storage/repositories/token-leases',
  'gateway/src/accounts/',
  'gateway/src/coordination/',
  'llm/src/resilience/',
  'llm/src/credentials/',
];

/** Runs the rounds; resolves to 0 when every one of them was green. */
export async function main(args) {
  const { values, positionals } = parseArgs({ args, options: { rounds: { type: 'string' } }, allowPositionals: true });
  const rounds = Number(values.rounds ?? ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) {
    process.stderr.write('Say how many rounds: npm run test:race -- --rounds 5\n');
    return 2;
  }
  const filters = positionals.length > 0 ? positionals : RACES;
  const waiting = Array.from({ length: rounds }, (_, at) => at + 1);
  let failed = 0;
  const lanes = Array.from({ length: Math.min(rounds, os.availableParallelism()) }, async () => {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift())
      if (!(await isGreen(round, filters))) failed += 1;
  });
  await Promise.all(lanes);
  process.stdout.write(`${rounds - failed} of ${rounds} rounds were green.\n`);
  return failed === 0 ? 0 : 1;
}

async function isGreen(round, filters) {
  const child = spawn(process.execPath, [...process.execArgv, RUN, 'test', ...filters], {
    stdio: ['ignore', 'pipe', 2],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  const [code] = await once(child, 'close');
  const shown = code === 0 ? output.trimEnd().split('\n').at(-1) : output;
  process.stdout.write(`round ${round}: ${shown}\n`);
  return code === 0;
}
