import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { PROCESS_KEY, startProcess, type GatewayProcess } from './support/gateway-process.ts';
import { parseExposition } from './support/parse-exposition.ts';
import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';

const RUN = fileURLToPath(new URL('../../../scripts/run.mjs', import.meta.url));

/** Secrets that must be nowhere but in the one request they are for. */
const CANARIES = {
  first: 'sk-canary-account-one-7f3a91c0',
  second: 'canaryaccounttwo55e1b2d4f6',
  third: 'canaryaccountthree12ab',
  fourth: 'canaryaccountfour34cd',
  admin: 'canary-admin-password-91ab',
  query: 'canary-query-key-000111222',
};
const REQUEST_ID = 'request-of-the-canary-suite';

let upstream: ScriptedUpstream;
let gateway: GatewayProcess;

before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 200, {}));
  gateway = await startProcess({
    OPENAI_API_KEY_1: CANARIES.first,
    OPENAI_API_KEY_2: CANARIES.second,
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    // Accounts that nobody refuses.
    GROQ_API_KEY_1: CANARIES.third,
    GROQ_API_KEY_2: CANARIES.fourth,
    GROQ_BASE_URL: `${upstream.url}/v1`,
    ADMIN_PASSWORD: CANARIES.admin,
    LOG_LEVEL: 'debug',
  });
});

after(async () => {
  if (gateway.child.exitCode === null) await gateway.stop();
  await gateway.remove();
  await upstream.close();
});

const ask = (key: string, body: object = {}, url = `${gateway.url}/v1/chat/completions`): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-request-id': REQUEST_ID },
    body: JSON.stringify({ model: 'openai/m', messages: [{ role: 'user', content: 'hi' }], ...body }),
  });

async function command(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=patchbay-src', RUN, 'patchbay', ...args, '--json'],
    { env: { PATH: process.env['PATH'], DATA_DIR: gateway.dataDir }, cwd: path.dirname(gateway.dataDir) },
  );
  return JSON.parse(stdout) as Record<string, unknown>;
}

function rows(where: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(path.join(gateway.dataDir, 'patchbay.db'), { readOnly: true });
  try {
    return database.prepare(`SELECT * FROM request_logs WHERE ${where} ORDER BY id`).all();
  } finally {
    database.close();
  }
}

async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a gateway of its own process', () => {
  it('shows no secret in answers, logs, metrics or rows, whatever the provider repeats', async () => {
    const answers: string[] = [];
    const keep = async (response: Response): Promise<void> => {
      answers.push(JSON.stringify([...response.headers]), await response.text());
    };
    upstream.answer = ({ headers }, response) => {
      const key = String(headers.authorization);
      sendJson(
        response,
        401,
        { error: { message: `bad ${key}`, type: 'x' } },
        { 'x-echo': key, 'www-authenticate': key },
      );
    };
    for (const route of ['/v1/chat/completions', '/v1/messages']) {
      await keep(await ask(PROCESS_KEY, { max_tokens: 5 }, gateway.url + route));
      await keep(await ask(PROCESS_KEY, { max_tokens: 5, stream: true }, gateway.url + route));
    }
    upstream.answer = ({ headers }, response) =>
      sendSse(response, `data: {"error":{"message":"bad ${String(headers.authorization)}"}}\n\n`);
    await keep(await ask(PROCESS_KEY, { stream: true }));
    upstream.answer = (_, response) => void response.destroy();
    await keep(await ask(PROCESS_KEY));
    await keep(await ask(CANARIES.first));
    await keep(await fetch(`${gateway.url}/v1/models?key=${CANARIES.query}`));
    await keep(await fetch(`${gateway.url}/metrics`));
    await eventually(() => (rows(`request_id = '${REQUEST_ID}'`).length > 0 ? true : undefined));
    await command('keys', 'list');
    const files = await readdir(gateway.dataDir);
    const stored = files.filter((name) => !name.startsWith('key-pepper'));
    const texts = await Promise.all(stored.map((name) => readFile(path.join(gateway.dataDir, name), 'latin1')));
    for (const [name, text] of [
      ['output', gateway.output()],
      ['answers', answers.join('\n')],
      ['files', texts.join('\n')],
    ])
      for (const secret of [...Object.values(CANARIES), PROCESS_KEY])
        assert.ok(!text?.includes(secret), `${secret} stands in ${name}`);
  });

  it('tells scrapers which version runs', async () => {
    const { version } = (await (await fetch(`${gateway.url}/version`)).json()) as { version: string };
    const families = parseExposition(await (await fetch(`${gateway.url}/metrics`)).text());
    assert.deepEqual(families.get('patchbay_build_info')?.samples, [
      { name: 'patchbay_build_info', labels: { version }, value: 1 },
    ]);
  });

  it('has one row for each attempt within a second, with the caller’s request id', async () => {
    upstream.seen.length = 0;
    upstream.answer = (_, response, number) =>
      number === 0
        ? sendJson(response, 500, { error: { message: 'boom' } })
        : sendJson(response, 200, {
            id: 'c',
            object: 'chat.completion',
            created: 1,
            model: 'm',
            choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
            usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
          });
    const id = 'one-row-an-attempt';
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PROCESS_KEY}`, 'x-request-id': id },
      body: JSON.stringify({ model: 'groq/m', messages: [{ role: 'user', content: 'hi' }] }),
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-request-id'), id);
    const found = await eventually(() => {
      const all = rows(`request_id = '${id}'`);
      return all.length > 0 ? all : undefined;
    });
    assert.deepEqual(
      found.map(({ attempt, state, upstream_status, http_status, input_tokens, output_tokens }) => ({
        attempt,
        state,
        upstream_status,
        http_status,
        input_tokens,
        output_tokens,
      })),
      [
        {
          attempt: 1,
          state: 'failed',
          upstream_status: 500,
          http_status: 200,
          input_tokens: null,
          output_tokens: null,
        },
        { attempt: 2, state: 'success', upstream_status: 200, http_status: 200, input_tokens: 7, output_tokens: 2 },
      ],
    );
  });

  it('takes a key that another process makes, and refuses it once another process revokes it', async () => {
    const echo = { model: 'simulator/echo' };
    const { id, key } = (await command('keys', 'create', 'for a test')) as { id: string; key: string };
    await eventually(async () => ((await ask(key, echo)).status === 200 ? true : undefined));
    await command('keys', 'revoke', id);
    const refused = await eventually(async () => {
      const response = await ask(key, echo);
      return response.status === 200 ? undefined : response;
    });
    assert.equal(refused.status, 401);
    assert.match(await refused.text(), /revoked/);
  });

  it('lets running calls end when it is told to stop, and keeps their rows', async () => {
    upstream.seen.length = 0;
    const release = Promise.withResolvers<void>();
    upstream.answer = async (_, response) => {
      await release.promise;
      sendJson(response, 200, {
        id: 'c',
        choices: [{ index: 0, message: { content: 'late' }, finish_reason: 'stop' }],
      });
    };
    const late = ask(PROCESS_KEY, { model: 'groq/m' });
    await eventually(() => (upstream.seen.length > 0 ? true : undefined));
    const stopped = gateway.stop();
    await eventually(async () => {
      const health = await fetch(`${gateway.url}/health`).catch(() => undefined);
      return health?.status === 200 ? undefined : true;
    });
    release.resolve();
    const response = await late;
    assert.equal(response.status, 200);
    assert.match(await response.text(), /late/);
    assert.equal(await stopped, 0);
    assert.equal(rows('upstream_status = 200').at(-1)?.['state'], 'success');
  });
});
