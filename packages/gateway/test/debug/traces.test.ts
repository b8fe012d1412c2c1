import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ADMIN_KEY, startManagement, VIEWER_KEY, type ManagementGateway } from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, TEST_KEY } from '../support/test-gateway.ts';

const [SQLITE] = ENGINES;
const CANARY_TEXT = 'canary text of the prompt';
const CHAT = { model: 'openai/gpt-test', messages: [{ role: 'user', content: CANARY_TEXT }] };
const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-test',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
};
const STREAM =
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }] })}\n\n` +
  'data: [DONE]\n\n';
const TRACED = { 'x-trace-enabled': 'true' };

interface Step {
  readonly name: string;
  readonly at_ms: number;
  readonly facts?: Readonly<Record<string, unknown>>;
}

describe('a trace', () => {
  let made: TestStore;
  let upstream: ScriptedUpstream;
  let gateway: ManagementGateway;
  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
    upstream = await startUpstream(() => undefined);
    const providers = [
      provider('openai', `${upstream.url}/v1`, 'canary-key-one', 'canary-key-two', 'canary-key-three'),
      provider('anthropic', `${upstream.url}/v1`, 'canary-key-four'),
    ];
    gateway = await startManagement(made.store, {}, { providers });
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
    await made.close();
  });

  const stepsOf = async (id: string, token = TEST_KEY): Promise<readonly Step[]> => {
    const { status, text, json } = await gateway.ask(`GET /v1/debug/traces/${id}`, { token });
    assert.equal(status, 200, text);
    return json.steps as readonly Step[];
  };

  it('is not made unless it is asked for', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, ANSWER);
    const plain = await post(gateway.gateway, '/v1/chat/completions', CHAT, { 'x-request-id': 'not-traced' });
    assert.equal(plain.headers.get('x-trace-id'), null);
    assert.equal(plain.headers.get('x-trace-steps'), null);
    const { trace } = await gateway.gateway.nextRecord();
    assert.equal(trace, undefined);
    assert.equal((await gateway.ask('GET /v1/debug/traces/not-traced', { token: TEST_KEY })).status, 404);
  });

  it('tells every decision: why accounts were passed over, each phase of each attempt, and how it came out', async () => {
    upstream.seen.length = 0;
    upstream.answer = (_, response, number) =>
      number === 0
        ? sendJson(response, 429, { error: { message: 'slow down' } }, { 'retry-after': '30' })
        : sendJson(response, 200, ANSWER);
    const response = await post(gateway.gateway, '/v1/chat/completions', CHAT, {
      ...TRACED,
      'x-request-id': 'two-attempts',
    });
    assert.deepEqual(await response.json(), ANSWER);
    const id = response.headers.get('x-trace-id') ?? assert.fail('no id');
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.match(response.headers.get('x-trace-steps') ?? '', /^received=0[.\d]*, authenticated=[\d.]+, read=/);
    const steps = await stepsOf(id);
    assert.deepEqual(
      steps.map(({ name, facts }) => (typeof facts?.['attempt'] === 'number' ? `${name} ${facts['attempt']}` : name)),
      [
        'received',
        'authenticated',
        'read',
        'admitted',
        'resolved',
        'chosen 1',
        'prepared 1',
        'sent 1',
        'connected 1',
        'headers 1',
        'first-byte 1',
        'ended 1',
        'chosen 2',
        'prepared 2',
        'sent 2',
        'connected 2',
        'headers 2',
        'first-byte 2',
        'ended 2',
        'settled',
      ],
    );
    const facts = (name: string, attempt?: number): NonNullable<Step['facts']> =>
      steps.find((each) => each.name === name && each.facts?.['attempt'] === attempt)?.facts ?? assert.fail(name);
    assert.deepEqual(facts('authenticated'), { key: 'test' });
    assert.deepEqual(facts('resolved'), { targets: ['openai/gpt-test'] });
    assert.equal(facts('headers', 1)['status'], 429);
    const [first, second] = [facts('chosen', 1)['account'], facts('chosen', 2)['account']];
    const passedOver = facts('chosen', 2)['passedOver'] as readonly string[];
    assert.ok(passedOver.includes(`${String(first)}: was tried already`), passedOver.join());
    assert.ok(
      passedOver.some((each) => each.endsWith(': round-robin chose another')),
      passedOver.join(),
    );
    assert.notEqual(first, second);
    assert.equal(facts('settled')['state'], 'success');
    assert.deepEqual([facts('settled')['inputTokens'], facts('settled')['attempts']], [3, 2]);
    assert.ok(steps.every(({ at_ms: atMs }, at) => atMs >= (steps[at - 1]?.at_ms ?? 0)));
    // The next call tells of the rest that the first refusal began.
    const next = await post(gateway.gateway, '/v1/chat/completions', CHAT, TRACED);
    const later = await stepsOf(next.headers.get('x-trace-id') ?? '');
    const resting = later.find(({ name }) => name === 'chosen')?.facts?.['passedOver'] as readonly string[];
    assert.ok(
      resting.some((each) => each.startsWith(`${String(first)}: rests for `)),
      resting.join(),
    );
  });

  it('goes by the caller’s own trace id, and is found by the request’s id', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, ANSWER);
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { ...TRACED, 'x-request-id': 'named-trace', traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const response = await post(gateway.gateway, '/v1/chat/completions', CHAT, headers);
    assert.equal(response.headers.get('x-trace-id'), traceId);
    const { json } = await gateway.ask('GET /v1/debug/traces/named-trace', { token: TEST_KEY });
    assert.deepEqual([json.id, json.request_id], [traceId, 'named-trace']);
  });

  it('of a stream has its id in the headers and what came later by id', async () => {
    upstream.answer = (_, response) => sendSse(response, STREAM);
    const response = await post(gateway.gateway, '/v1/chat/completions', { ...CHAT, stream: true }, TRACED);
    assert.match(await response.text(), /\[DONE\]/);
    assert.doesNotMatch(response.headers.get('x-trace-steps') ?? '', /settled/);
    const names = (await stepsOf(response.headers.get('x-trace-id') ?? '')).map(({ name }) => name);
    assert.deepEqual(names.slice(-2), ['ended', 'settled']);
  });

  it('tells how a request was translated and what that lost', async () => {
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 2 },
    };
    upstream.answer = (_, response) => sendJson(response, 200, message);
    const response = await post(
      gateway.gateway,
      '/v1/chat/completions',
      { ...CHAT, model: 'anthropic/m', seed: 7 },
      TRACED,
    );
    assert.equal(response.status, 200, await response.text());
    const steps = await stepsOf(response.headers.get('x-trace-id') ?? '');
    assert.equal(steps.find(({ name }) => name === 'prepared')?.facts?.['translation'], 'translated');
    const losses = steps.find(({ name }) => name === 'losses')?.facts?.['losses'] as readonly string[];
    assert.ok(
      losses.some((each) => each.startsWith('seed: ')),
      losses.join(),
    );
  });

  it('is made of embeddings and of what is passed through, too', async () => {
    const vectors = {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [1] }],
      model: 'm',
      usage: { prompt_tokens: 1, total_tokens: 1 },
    };
    upstream.answer = (_, response) => sendJson(response, 200, vectors);
    const response = await post(gateway.gateway, '/v1/embeddings', { model: 'openai/vec', input: 'a' }, TRACED);
    assert.equal(response.status, 200, await response.text());
    const names = (await stepsOf(response.headers.get('x-trace-id') ?? '')).map(({ name }) => name);
    for (const each of ['received', 'authenticated', 'chosen', 'sent', 'headers', 'ended', 'settled'])
      assert.ok(names.includes(each), `${each} in ${names.join()}`);
  });

  it('says why nothing was called', async () => {
    const response = await post(gateway.gateway, '/v1/chat/completions', { ...CHAT, model: 'openai/' }, TRACED);
    const steps = await stepsOf(response.headers.get('x-trace-id') ?? '');
    assert.equal(response.ok, false);
    assert.deepEqual([steps.at(-1)?.name, steps.at(-1)?.facts?.['state']], ['settled', 'failed']);
  });

  it('is for its owner and for administrators, and holds no payload and no secret', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, ANSWER);
    const response = await post(gateway.gateway, '/v1/chat/completions', CHAT, TRACED);
    const route = `GET /v1/debug/traces/${response.headers.get('x-trace-id')}`;
    const own = await gateway.ask(route, { token: TEST_KEY });
    assert.equal(own.status, 200);
    assert.doesNotMatch(own.text, /canary/);
    assert.equal((await gateway.ask(route, { token: ADMIN_KEY })).status, 200);
    assert.equal((await gateway.ask(route, { token: await gateway.signIn('user') })).status, 404);
    assert.equal((await gateway.ask(route, { token: VIEWER_KEY })).status, 403);
    assert.equal((await gateway.ask(route)).status, 401);
  });
});
