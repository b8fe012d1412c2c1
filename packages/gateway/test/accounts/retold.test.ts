import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { RetoldRequest } from '@patchbay/contract/resources/explanation';

import { askOf, type Answered } from '../management/management-gateway.ts';
import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';

const RUN = fileURLToPath(new URL('../../../../scripts/run.mjs', import.meta.url));
const PASSWORD = 'canary-password-of-retelling';
const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const REFUSED = {
  error: { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' },
};

describe('a request that is retold', () => {
  let upstream: ScriptedUpstream;
  let gateway: GatewayProcess;
  let admin: string;

  before(async () => {
    upstream = await startUpstream((request, response) =>
      request.headers['authorization']?.includes('refused') === true
        ? sendJson(response, 401, REFUSED)
        : sendJson(response, 200, CHAT),
    );
    gateway = await startProcess({
      GROQ_BASE_URL: `${upstream.url}/v1`,
      GROQ_API_KEY_1: 'canary-refused-0123456789',
      GROQ_API_KEY_2: 'canary-taken-0123456789',
      ACCOUNT_POLICIES: 'groq=fill-first',
      ADMIN_PASSWORD: PASSWORD,
    });
    const body = { username: 'admin', password: PASSWORD };
    admin = (await askOf(gateway.url, 'POST /api/v1/auth/login', { body })).json.token;
    await call('retold-1', 'groq/m');
    await call('retold-2', 'nowhere/m');
  });
  after(async () => {
    await gateway?.stop();
    await gateway?.remove();
    await upstream.close();
  });

  const call = async (id: string, model: string): Promise<void> => {
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PROCESS_KEY}`, 'content-type': 'application/json', 'x-request-id': id },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    });
    await answer.text();
  };

  /** Rows are written within a second of the call. */
  async function told(id: string): Promise<Answered> {
    for (let look = 0; ; look += 1) {
      const answer = await askOf(gateway.url, `GET /api/v1/explain/${id}`, { token: admin });
      if (answer.status === 200 || look === 40) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('names every account that was tried, why it was left, and what to do', async () => {
    const retold = RetoldRequest.parse((await told('retold-1')).json);
    assert.equal(retold.succeeded, true);
    assert.match(retold.summary, /Answered by groq\/m \(account groq-2\) after 2 attempts/);
    assert.deepEqual(
      retold.attempts.map(({ account_id: account, status_code: status, failure_kind: kind }) => [
        account,
        status,
        kind,
      ]),
      [
        ['groq-1', 401, 'authentication'],
        ['groq-2', 200, null],
      ],
    );
    assert.match(
      retold.attempts[0]?.told ?? '',
      /credential was refused; groq\/m \(account groq-2\) was asked instead/,
    );
    assert.match(retold.advice.join(), /Give account groq-1 of groq a new credential/);
    assert.doesNotMatch(JSON.stringify(retold), /canary/);
  });

  it('was refused before anybody was asked, where the model is nobody’s', async () => {
    const retold = RetoldRequest.parse((await told('retold-2')).json);
    assert.equal(retold.succeeded, false);
    assert.match(retold.summary, /Refused with 404 before any provider was asked/);
  });

  it('is not there: the answer says where ids stand', async () => {
    const answer = await askOf(gateway.url, 'GET /api/v1/explain/nobody-asked', { token: admin });
    assert.equal(answer.status, 404, gateway.output().slice(-1500));
    assert.match(answer.json.error, /x-request-id/);
  });

  it('is told by a command, from the store or from the running gateway', async () => {
    await told('retold-1');
    const run = async (environment: Record<string, string>, ...words: readonly string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--conditions=patchbay-src', RUN, 'patchbay', ...words],
        {
          cwd: path.dirname(gateway.dataDir),
          env: { PATH: '/usr/bin:/bin', DATA_DIR: gateway.dataDir, ...environment },
        },
      );
      return stdout;
    };
    const remote = { PATCHBAY_URL: gateway.url, PATCHBAY_API_KEY: admin };
    const fromStore = await run({}, 'explain', 'retold-1', '--json');
    assert.deepEqual(JSON.parse(fromStore), JSON.parse(await run(remote, 'explain', 'retold-1', '--json')));
    assert.match(await run({}, 'explain', 'retold-1'), /Attempts:\n {2}1\. groq\/m {2}401/);
    assert.match(await run(remote, 'explain', 'groq/m'), /A request for groq\/m would be sent[\s\S]*groq-2/);
  });
});
