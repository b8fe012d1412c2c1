import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { Credential } from '@patchbay/llm/credentials/credential';
import { Secret } from '@patchbay/llm/credentials/secret';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, startGateway, type TestGateway } from '../support/test-gateway.ts';

const KEY: Credential = { kind: 'api-key', id: 'azure-1', key: new Secret('canary-key') };
const TOKEN: Credential = { kind: 'api-key', id: 'azure-2', key: new Secret('canary-token'), as: 'bearer' };
const CHAT = { model: 'azure/my-deployment', messages: [{ role: 'user', content: 'hi' }] };
const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-test',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
};

let upstream: ScriptedUpstream;
before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 200, ANSWER));
});
after(() => upstream.close());
beforeEach(() => {
  upstream.seen.length = 0;
});

/** Asks once at an installation of its own. */
async function ask(
  {
    accounts = [KEY],
    path,
    variables,
  }: { accounts?: readonly Credential[]; path: string; variables?: Record<string, string> },
  route = '/v1/chat/completions',
  body: object = CHAT,
): Promise<number> {
  const baseUrl = upstream.url + path;
  const setting = { providerId: 'azure', baseUrl, accounts, ...(variables !== undefined && { variables }) };
  const gateway: TestGateway = await startGateway([setting]);
  const { status } = await post(gateway, route, body);
  await gateway.close();
  return status;
}

describe('Azure OpenAI', () => {
  it('is asked by the deployment’s name in the body where no version is set', async () => {
    assert.equal(await ask({ path: '/openai/v1' }), 200);
    const [seen] = upstream.seen;
    assert.equal(seen?.path, '/openai/v1/chat/completions');
    assert.equal(seen?.headers['api-key'], 'canary-key');
    assert.equal(seen?.headers.authorization, undefined);
    assert.equal((JSON.parse(String(seen?.body)) as { model: string }).model, 'my-deployment');
  });

  it('is asked by the deployment’s path where a version is set', async () => {
    const variables = { AZURE_OPENAI_API_VERSION: '2024-10-21' };
    assert.equal(await ask({ path: '/openai', variables }), 200);
    assert.equal(upstream.seen[0]?.path, '/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21');
  });

  it('keeps the version that is set, whatever the caller’s query says', async () => {
    const variables = { AZURE_OPENAI_API_VERSION: '2024-10-21' };
    await ask({ path: '/openai', variables }, '/v1/chat/completions?api-version=1999-01-01&more=1');
    assert.equal(
      upstream.seen[0]?.path,
      '/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21&more=1',
    );
  });

  it('is shown a token of Entra as one', async () => {
    assert.equal(await ask({ path: '/openai/v1', accounts: [TOKEN] }), 200);
    assert.equal(upstream.seen[0]?.headers.authorization, 'Bearer canary-token');
    assert.equal(upstream.seen[0]?.headers['api-key'], undefined);
  });

  it('is asked for embeddings with either account', async () => {
    for (const account of [KEY, TOKEN]) {
      await ask({ path: '/openai/v1', accounts: [account] }, '/v1/embeddings', { model: 'azure/vectors', input: 'a' });
      const seen = upstream.seen.at(-1);
      assert.equal(seen?.path, '/openai/v1/embeddings');
      assert.equal(
        seen?.headers[account === KEY ? 'api-key' : 'authorization'],
        account === KEY ? 'canary-key' : 'Bearer canary-token',
      );
    }
  });
});
