/** Lets a gateway serve and be looked over for minutes: whatever the doctor finds on it is a false finding. */
import { setTimeout as sleep } from 'node:timers/promises';

import { PROCESS_KEY } from '../packages/gateway/test/support/gateway-process.ts';
import { PASSWORD, startAlone, startTeam } from './lib/soak-stage.mjs';

/** Between a worker's calls: traffic as a team has it, not as much as the machine bears. */
const PAUSE_MS = 40;

/**
 * Reads `--minutes`, `--every` (seconds between two examinations) and `--team` (two gateways on PostgreSQL and Redis in place
 * of one alone), soaks and says what was found.
 */
export async function main(args) {
  const minutes = numberAfter(args, '--minutes', 10);
  const everyS = numberAfter(args, '--every', 10);
  const soaked = await soak({
    seconds: minutes * 60,
    everyS,
    start: args.includes('--team') ? startTeam : startAlone,
    onLook: (line) => process.stdout.write(`${line}\n`),
  });
  const { calls, failed, looks, findings } = soaked;
  process.stdout.write(
    `${calls} calls (${failed} failed), ${looks} examinations, ${findings.length} false findings.\n`,
  );
  return findings.length === 0 && failed === 0 && looks > 0 ? 0 : 1;
}

/**
 * Serves for so many seconds; resolves to the calls made, those that failed, the examinations, and every finding that was
 * a warning or an error.
 */
export async function soak({ seconds, everyS, workers = 4, start = startAlone, onLook = () => undefined }) {
  const stage = await start();
  const made = { calls: 0, failed: 0, looks: 0, findings: [] };
  const over = new AbortController();
  try {
    const tokens = await Promise.all(stage.gateways.map(({ url }) => signIn(url)));
    const traffic = Array.from({ length: workers }, (_, worker) => callOn(stage, worker, made, over.signal));
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      await sleep(Math.min(everyS * 1000, Math.max(0, endMs - performance.now())));
      const at = made.looks % stage.gateways.length;
      const { findings, tookMs } = await examine(stage.gateways[at].url, tokens[at]);
      made.looks += 1;
      made.findings.push(...findings.filter(({ severity }) => severity !== 'info'));
      onLook(`${made.calls} calls; looked for ${tookMs} ms; ${describe(findings)}`);
    }
    over.abort();
    await Promise.all(traffic);
    return made;
  } finally {
    over.abort();
    await stage.close();
  }
}

const describe = (findings) =>
  findings.length === 0
    ? 'nothing found'
    : findings.map(({ severity, code, subject, cause }) => `${severity} ${code} (${subject}): ${cause}`).join('\n  ');

async function callOn({ gateways, calls }, worker, made, signal) {
  for (let turn = worker; !signal.aborted; turn += 1) {
    const [path, body] = calls[turn % calls.length];
    const { url } = gateways[Math.floor(turn / calls.length) % gateways.length];
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${PROCESS_KEY}` },
      body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
    made.calls += 1;
    if (!answer.ok) made.failed += 1;
    await sleep(PAUSE_MS);
  }
}

async function signIn(url) {
  const answer = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`The soak cannot sign in: ${await answer.text()}`);
  return (await answer.json()).token;
}

async function examine(url, token) {
  const answer = await fetch(`${url}/api/system/diagnostics`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`The doctor does not answer: ${await answer.text()}`);
  return await answer.json();
}

/** The number after an option; throws where it is none above 0. */
export function numberAfter(args, name, otherwise) {
  const at = args.indexOf(name);
  const value = at < 0 ? otherwise : Number(args[at + 1]);
  if (!(value > 0)) throw new Error(`${name} wants a number above 0, such as ${name} ${otherwise}.`);
  return value;
}
