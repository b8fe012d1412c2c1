import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from '../support/test-gateway.ts';

/** What Voyage answers: https://docs.voyageai.com/reference/reranker-api. */
const RANKED = {
  object: 'list',
  data: [{ index: 1, relevance_score: 0.9 }],
  model: 'rerank-2.5',
  usage: { total_tokens: 26 },
};

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 200, RANKED));
  gateway = await startGateway(
    [provider('voyage', `${upstream.url}/v1`, 'canary-voyage'), provider('cohere', upstream.url, 'canary-cohere')],
    { aliases: new Map([['rank', ['cohere/rerank-v3.5', 'voyage/rerank-2.5']]]) },
  );
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

const QUESTION = { query: 'audio', documents: ['a cat', 'a patch bay'], top_n: 1 };

it('asks Voyage by its own names and gives its answer the common ones', async () => {
  const response = await post(gateway, '/v1/rerank', { model: 'voyage/rerank-2.5', ...QUESTION });
  assert.equal(response.status, 200);
  const { data, ...rest } = RANKED;
  assert.deepEqual(await response.json(), { ...rest, results: data });
  const { top_n: topK, ...others } = QUESTION;
  assert.deepEqual(JSON.parse(String(upstream.seen.at(-1)?.body)), { model: 'rerank-2.5', ...others, top_k: topK });
  const record = await gateway.nextRecord();
  assert.deepEqual([record.state, record.attempts[0]?.usage?.inputTokens], ['success', 26]);
});

it('asks each target of an alias by the names it knows', async () => {
  upstream.answer = ({ path }, response) =>
    path === '/v2/rerank' ? sendJson(response, 529, { message: 'busy' }) : sendJson(response, 200, RANKED);
  upstream.seen.length = 0;
  const response = await post(gateway, '/v1/rerank', { model: 'rank', ...QUESTION });
  assert.ok('results' in ((await response.json()) as object));
  const asked = upstream.seen.map(({ path, body }) => [path, 'top_n' in (JSON.parse(String(body)) as object)]);
  assert.deepEqual(asked[0], ['/v2/rerank', true]);
  assert.deepEqual(asked.at(-1), ['/v1/rerank', false]);
  await gateway.nextRecord();
});

it('passes a refusal on in the provider’s own words', async () => {
  upstream.answer = (_, response) => sendJson(response, 400, { detail: 'documents must not be empty', data: [] });
  const response = await post(gateway, '/v1/rerank', { model: 'voyage/rerank-2.5', ...QUESTION });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /must not be empty/);
  await gateway.nextRecord();
});
