/** Lets a gateway serve and be looked over for minutes: whatever the doctor finds on it is a false finding. */
import { setTimeout as sleep } from 'node:timers/promises';

import { PROCESS_KEY, startProcess } from '../packages/gateway/test/support/gateway-process.ts';

const PASSWORD = 'a-password-of-the-soak-4711';
const WORDS = 'Tell me of the sea. '.repeat(20);

/** One call in each dialect, whole and streamed. */
const CALLS = [
  ['/v1/chat/completions', { model: 'simulator/echo', messages: [{ role: 'user', content: WORDS }] }],
  ['/v1/chat/completions', { model: 'simulator/echo', messages: [{ role: 'user', content: WORDS }], stream: true }],
  ['/v1/messages', { model: 'simulator/echo', max_tokens: 200, messages: [{ role: 'user', content: WORDS }] }],
  ['/v1/responses', { model: 'simulator/echo', input: WORDS, stream: true }],
  ['/v1beta/models/simulator%2Fecho:generateContent', { contents: [{ role: 'user', parts: [{ text: WORDS }] }] }],
];

/** Reads `--minutes` and `--every` (seconds between two examinations), soaks and says what was found. */
export async function main(args) {
  const minutes = numberAfter(args, '--minutes', 10);
  const everyS = numberAfter(args, '--every', 10);
  const soaked = await soak({ seconds: minutes * 60, everyS, onLook: (line) => process.stdout.write(`${line}\n`) });
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
export async function soak({ seconds, everyS, workers = 4, onLook = () => undefined }) {
  const gateway = await startProcess({ ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'warn' });
  const made = { calls: 0, failed: 0, looks: 0, findings: [] };
  const over = new AbortController();
  try {
    const token = await signIn(gateway.url);
    const traffic = Array.from({ length: workers }, (_, worker) => callOn(gateway.url, worker, made, over.signal));
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      await sleep(Math.min(everyS * 1000, Math.max(0, endMs - performance.now())));
      const { findings, tookMs } = await examine(gateway.url, token);
      made.looks += 1;
      const false_ = findings.filter(({ severity }) => severity !== 'info');
      made.findings.push(...false_);
      onLook(`${made.calls} calls; looked for ${tookMs} ms; ${describe(findings)}`);
    }
    over.abort();
    await Promise.all(traffic);
    return made;
  } finally {
    over.abort();
    await gateway.stop();
    await gateway.remove();
  }
}

const describe = (findings) =>
  findings.length === 0
    ? 'nothing found'
    : findings.map(({ severity, code, subject, cause }) => `${severity} ${code} (${subject}): ${cause}`).join('\n  ');

async function callOn(url, worker, made, signal) {
  for (let turn = worker; !signal.aborted; turn += 1) {
    const [path, body] = CALLS[turn % CALLS.length];
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${PROCESS_KEY}` },
      body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
    made.calls += 1;
    if (!answer.ok) made.failed += 1;
    await sleep(5);
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

function numberAfter(args, name, otherwise) {
  const at = args.indexOf(name);
  const value = at < 0 ? otherwise : Number(args[at + 1]);
  if (!(value > 0)) throw new Error(`${name} wants a number above 0, such as ${name} ${otherwise}.`);
  return value;
}
