import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';

import OpenAI from 'openai';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';

const VECTORS = [
  [0.5, -1.25, 3],
  [1, 2, -0.0078125],
];
const inBase64 = (vector: readonly number[]): string =>
  Buffer.from(Float32Array.from(vector).buffer).toString('base64');
const embeddings = (vectors: readonly unknown[]): object => ({
  object: 'list',
  data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
  model: 'text-embedding-3-small',
  usage: { prompt_tokens: 8, total_tokens: 8 },
});

let upstream: ScriptedUpstream;
let other: ScriptedUpstream;
let gateway: TestGateway;
let openai: OpenAI;

before(async () => {
  upstream = await startUpstream(() => undefined);
  other = await startUpstream(() => undefined);
  gateway = await startGateway(
    [
      provider('openai', `${upstream.url}/v1`, 'canary-account-one', 'canary-account-two'),
      provider('groq', `${other.url}/openai/v1`, 'canary-groq'),
      provider('together', `${other.url}/v1`, 'canary-together'),
      provider('voyage', `${upstream.url}/v1`, 'canary-voyage'),
    ],
    { aliases: new Map([['vectors', ['groq/none', 'openai/text-embedding-3-small']]]) },
  );
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
});

after(async () => {
  await gateway.close();
  await upstream.close();
  await other.close();
});

beforeEach(() => {
  // What one test taught of the accounts is not the next one's.
  for (const seat of gateway.gateway.registry.current().runtimes.get('openai')?.pool.seats ?? []) seat.reset();
  upstream.seen.length = 0;
  other.seen.length = 0;
});

describe('embeddings', () => {
  const ask = (format?: 'base64' | 'float') =>
    openai.embeddings.create({
      model: 'openai/text-embedding-3-small',
      input: ['a', 'b'],
      ...(format !== undefined && { encoding_format: format }),
    });

  it('in base64, which the SDK asks for by itself, pass byte for byte', async () => {
    const text = ` ${JSON.stringify(embeddings(VECTORS.map(inBase64)))}\n`;
    upstream.answer = (_, response) => sendJson(response, 200, text, { 'content-length': String(text.length) });
    const { data } = await ask();
    assert.deepEqual(
      data.map(({ embedding }) => embedding),
      VECTORS,
    );
    assert.deepEqual(JSON.parse(String(upstream.seen[0]?.body)), {
      input: ['a', 'b'],
      encoding_format: 'base64',
      model: 'text-embedding-3-small',
    });
    const record = await gateway.nextRecord();
    assert.deepEqual(
      [record.route, record.requestedModel, record.express, record.status, record.state, record.attempts.length],
      ['/v1/embeddings', 'openai/text-embedding-3-small', true, 200, 'success', 1],
    );
    assert.equal(record.attempts[0]?.usage?.inputTokens, 8);
    const raw = await post(gateway, '/v1/embeddings', { model: 'openai/m', input: 'a', encoding_format: 'base64' });
    assert.equal(raw.headers.get('content-length'), String(text.length));
    assert.equal(await raw.text(), text);
    await gateway.nextRecord();
  });

  it('become base64 where the provider answers numbers all the same', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, embeddings(VECTORS));
    const { data, usage } = await ask();
    assert.deepEqual(
      data.map(({ embedding }) => embedding),
      VECTORS,
    );
    assert.equal(usage.prompt_tokens, 8);
    const record = await gateway.nextRecord();
    assert.deepEqual([record.express, record.attempts[0]?.usage?.inputTokens], [false, 8]);
  });

  it('become numbers where the provider answers base64 all the same', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, embeddings(VECTORS.map(inBase64)));
    const { data } = await ask('float');
    assert.deepEqual(
      data.map(({ embedding }) => embedding),
      VECTORS,
    );
    await gateway.nextRecord();
  });

  it('go to the target of an alias that serves them', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, embeddings([VECTORS[0]]));
    const response = await post(gateway, '/v1/embeddings', { model: 'vectors', input: 'a' });
    assert.equal(response.status, 200);
    assert.equal(JSON.parse(String(upstream.seen[0]?.body)).model, 'text-embedding-3-small');
    assert.deepEqual([other.seen.length, (await gateway.nextRecord()).attempts.length], [0, 1]);
  });

  it('are found by a bare name of OpenAI’s', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, embeddings([VECTORS[0]]));
    await openai.embeddings.create({ model: 'text-embedding-3-large', input: 'a' });
    assert.equal(upstream.seen[0]?.path, '/v1/embeddings');
    await gateway.nextRecord();
  });
});

describe('vectors of Voyage', () => {
  it('are asked for in its own words, and come as the caller wants them', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, embeddings(VECTORS));
    for (const encoding of ['float', 'base64'] as const) {
      const body = { model: 'voyage/voyage-4', input: ['a', 'b'], dimensions: 2, encoding_format: encoding };
      const response = await post(gateway, '/v1/embeddings', body);
      assert.equal(response.status, 200);
      const asked = { model: 'voyage-4', input: ['a', 'b'], output_dimension: 2 };
      assert.deepEqual(JSON.parse(String(upstream.seen.at(-1)?.body)), asked);
      const { data } = (await response.json()) as { data: readonly { embedding: unknown }[] };
      const wanted = encoding === 'float' ? VECTORS : VECTORS.map(inBase64);
      assert.deepEqual(
        data.map(({ embedding }) => embedding),
        wanted,
      );
      await gateway.nextRecord();
    }
  });
});

describe('vectors of the simulator', () => {
  it('need no key, are of length one, and are nearer for texts with words in common', async () => {
    const input = ['rain in Rome', 'rain in Oslo', 'patient gateways'];
    const { data, usage } = await openai.embeddings.create({ model: 'simulator/echo', input, dimensions: 64 });
    const vectors = data.map(({ embedding }) => embedding);
    const near = (one: number, other: number): number =>
      (vectors[one] ?? []).reduce((sum, each, at) => sum + each * (vectors[other]?.[at] ?? 0), 0);
    assert.deepEqual(
      vectors.map(({ length }) => length),
      [64, 64, 64],
    );
    assert.ok(Math.abs(near(0, 0) - 1) < 1e-5);
    assert.ok(near(0, 1) > near(0, 2));
    assert.ok(usage.prompt_tokens > 0);
    await gateway.nextRecord();
  });

  it('are refused in OpenAI’s words where the script says so', async () => {
    await assert.rejects(openai.embeddings.create({ model: 'simulator/429', input: 'a' }), OpenAI.RateLimitError);
    await gateway.nextRecord();
  });
});

describe('a provider that does not serve an endpoint', () => {
  it('is answered with 404 and the names of those here that do', async () => {
    await assert.rejects(openai.embeddings.create({ model: 'groq/m', input: 'a' }), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.match(
        error.message,
        /Groq does not serve \/v1\/embeddings\. Providers here that do: openai, together, voyage, simulator\./,
      );
      assert.deepEqual([error.type, error.param], ['invalid_request_error', 'model']);
      return true;
    });
    const record = await gateway.nextRecord();
    assert.deepEqual([record.status, record.state, record.attempts.length], [404, 'failed', 0]);
  });

  it('is answered with the names of others when none is here', async () => {
    const response = await post(gateway, '/v1/rerank', { model: 'simulator/echo', query: 'a', documents: ['b'] });
    assert.equal(response.status, 404);
    assert.match(
      await response.text(),
      /Simulator does not serve \/v1\/rerank\. Providers here that do: together, voyage\./,
    );
    await gateway.nextRecord();
  });
});

describe('other endpoints', () => {
  it('moderate with the model that OpenAI takes when none is named', async () => {
    const answer = { id: 'modr-1', model: 'omni-moderation-latest', results: [{ flagged: false, categories: {} }] };
    upstream.answer = (_, response) => sendJson(response, 200, answer);
    const moderation = await openai.moderations.create({ input: 'hello' });
    assert.equal(moderation.results[0]?.flagged, false);
    assert.deepEqual(JSON.parse(String(upstream.seen[0]?.body)), { model: 'omni-moderation-latest', input: 'hello' });
    assert.equal((await gateway.nextRecord()).requestedModel, 'omni-moderation-latest');
  });

  it('make images and record their tokens, however long the images are', async () => {
    const usage = { input_tokens: 5, output_tokens: 272, total_tokens: 277 };
    const image = Buffer.alloc(3_000_000, 'image').toString('base64');
    upstream.answer = (_, response) => sendJson(response, 200, { created: 1, data: [{ b64_json: image }], usage });
    const images = await openai.images.generate({ model: 'openai/gpt-image-1.5', prompt: 'a cat' });
    assert.equal(images.data?.[0]?.b64_json, image);
    const record = await gateway.nextRecord();
    assert.equal(record.route, '/v1/images/generations');
    assert.deepEqual([record.attempts[0]?.usage?.inputTokens, record.attempts[0]?.usage?.outputTokens], [5, 272]);
  });

  it('speak: bytes and their type pass as they are', async () => {
    const sound = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7) % 256));
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.write(sound.subarray(0, 1000));
      response.end(sound.subarray(1000));
    };
    const speech = await openai.audio.speech.create({ model: 'openai/tts-1', voice: 'alloy', input: 'hello' });
    assert.equal(speech.headers.get('content-type'), 'audio/mpeg');
    assert.ok(Buffer.from(await speech.arrayBuffer()).equals(sound));
    assert.equal(upstream.seen[0]?.headers.accept, 'application/octet-stream');
    assert.equal((await gateway.nextRecord()).attempts[0]?.usage, undefined);
  });

  it('rerank', async () => {
    const answer = { results: [{ index: 1, relevance_score: 0.9 }], usage: { total_tokens: 12 } };
    other.answer = (_, response) => sendJson(response, 200, answer);
    const response = await post(gateway, '/v1/rerank', { model: 'together/rank', query: 'q', documents: ['a', 'b'] });
    assert.deepEqual(await response.json(), answer);
    assert.equal((await gateway.nextRecord()).attempts[0]?.usage?.inputTokens, 12);
  });
});

describe('completions', () => {
  const event = (text: string, rest: object = {}): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'text_completion', created: 1, model: 'm', choices: [{ index: 0, text, finish_reason: null, logprobs: null }], ...rest })}\n\n`;

  it('stream as they come, and the last event tells the usage', async () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const first = Promise.withResolvers<void>();
    upstream.answer = async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(event('one'));
      await first.promise;
      response.end(`${event('two')}${event('', { choices: [], usage })}data: [DONE]\n\n`);
    };
    const stream = await openai.completions.create({ model: 'openai/davinci', prompt: 'count', stream: true });
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.text ?? '';
      first.resolve();
    }
    assert.equal(text, 'onetwo');
    const record = await gateway.nextRecord();
    assert.deepEqual([record.stream, record.attempts[0]?.usage?.outputTokens], [true, 2]);
  });

  it('end with an error event when the provider breaks off in the middle of an event', async () => {
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`${event('half')}${event('lost').slice(0, 20)}`, () => setTimeout(() => response.destroy(), 20));
    };
    const response = await post(gateway, '/v1/completions', { model: 'openai/m', prompt: 'a', stream: true });
    const text = await response.text();
    assert.ok(text.startsWith(`${event('half')}data: {"error":`), text);
    const record = await gateway.nextRecord();
    assert.deepEqual([record.state, record.attempts[0]?.failureKind], ['failed', 'network']);
  });
});

describe('failover', () => {
  it('moves on from a limited, a failing and an unreachable account, unseen', async () => {
    upstream.answer = (_, response, number) =>
      number === 0
        ? sendJson(response, 429, { error: { message: 'slow down' } }, { 'retry-after': '1' })
        : sendJson(response, 200, embeddings([VECTORS[0]]));
    await openai.embeddings.create({ model: 'openai/m', input: 'a' });
    const limited = await gateway.nextRecord();
    assert.deepEqual(
      limited.attempts.map(({ state, failureKind, status }) => [state, failureKind, status]),
      [
        ['failed', 'rate-limit', 429],
        ['success', undefined, 200],
      ],
    );
    upstream.answer = (_, response, number) =>
      number === 2 ? sendJson(response, 500, 'down') : sendJson(response, 200, embeddings([VECTORS[0]]));
    await openai.embeddings.create({ model: 'openai/m', input: 'a' });
    assert.equal((await gateway.nextRecord()).attempts[0]?.status, 500);
  });

  it('goes to the next target when a provider refuses the connection', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const failing = await startGateway(
      [provider('mistral', `http://127.0.0.1:${port}`, 'canary-mistral'), provider('openai', upstream.url, 'canary-a')],
      { aliases: new Map([['both', ['mistral/m', 'openai/m']]]) },
    );
    try {
      upstream.answer = (_, response) => sendJson(response, 200, embeddings([VECTORS[0]]));
      const response = await post(failing, '/v1/embeddings', { model: 'both', input: 'a' });
      assert.equal(response.status, 200);
      const record = await failing.nextRecord();
      assert.equal(record.attempts[0]?.failureKind, 'network');
      assert.equal(record.attempts.at(-1)?.providerId, 'openai');
    } finally {
      await failing.close();
    }
  });

  it('ends at the provider’s own words when all fail, without the account’s key', async () => {
    upstream.answer = ({ headers }, response) =>
      sendJson(response, 401, { error: { message: `bad key ${headers.authorization}`, code: 'invalid_api_key' } });
    const response = await post(gateway, '/v1/embeddings', { model: 'openai/m', input: 'a' });
    assert.equal(response.status, 401);
    assert.match(await response.text(), /bad key Bearer \[secret\]/);
    const record = await gateway.nextRecord();
    assert.equal(record.state, 'failed');
    assert.doesNotMatch(JSON.stringify([record, gateway.errors]), /canary/);
  });

  it('does not begin again once bytes have left: the client’s connection is cut', async () => {
    other.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': '1000' });
      response.write(Buffer.alloc(500), () => setTimeout(() => response.destroy(), 20));
    };
    const response = await post(gateway, '/v1/audio/speech', { model: 'groq/tts', input: 'a', voice: 'b' });
    await assert.rejects(response.arrayBuffer());
    const record = await gateway.nextRecord();
    assert.deepEqual([record.state, record.attempts.length, other.seen.length], ['failed', 1, 1]);
  });
});

it('closes the upstream when the client leaves', async () => {
  const begun = Promise.withResolvers<void>();
  other.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    response.write(Buffer.alloc(10));
    begun.resolve();
  };
  const leaving = new AbortController();
  const response = await fetch(`${gateway.url}/v1/audio/speech`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_KEY}` },
    body: JSON.stringify({ model: 'groq/tts', input: 'a', voice: 'b' }),
    signal: leaving.signal,
  });
  await begun.promise;
  await response.body?.getReader().read();
  leaving.abort();
  await other.seen[0]?.closedEarly;
  assert.equal((await gateway.nextRecord()).state, 'cancelled');
});

it('holds the provider back while the client does not read', async () => {
  const chunk = Buffer.alloc(64 * 1024);
  let written = 0;
  const full = Promise.withResolvers<void>();
  other.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'audio/wav' });
    const more = (): void => {
      while (!response.destroyed && written < 400 * chunk.length) {
        written += chunk.length;
        if (!response.write(chunk)) return;
      }
      response.end();
    };
    response.on('drain', more).on('close', () => full.resolve());
    more();
  };
  const response = await post(gateway, '/v1/audio/speech', { model: 'groq/tts', input: 'a', voice: 'b' });
  const reader = response.body?.getReader();
  await reader?.read();
  // Far more than fits between the two sockets is left: nothing but reading can bring it.
  await fetch(`${gateway.url}/health`);
  assert.ok(written < 400 * chunk.length, 'the provider was not held back');
  let read = 0;
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) read += part.value.length;
  await full.promise;
  assert.ok(read > 300 * chunk.length);
  assert.equal((await gateway.nextRecord()).state, 'success');
});

describe('401', () => {
  for (const [what, headers] of [
    ['without a key', {}],
    ['with an unknown key', { authorization: 'Bearer nobody' }],
    ['with a revoked key', { authorization: 'Bearer revoked' }],
  ] as const)
    it(what, async () => {
      const response = await fetch(`${gateway.url}/v1/embeddings`, { method: 'POST', headers, body: '{}' });
      assert.equal(response.status, 401);
      assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'invalid_api_key');
      assert.equal(upstream.seen.length, 0);
    });
});

it('sends the account’s key upstream and no header of the caller’s but those that describe the request', async () => {
  upstream.answer = (_, response) => sendJson(response, 200, embeddings([VECTORS[0]]));
  await post(
    gateway,
    '/v1/embeddings?key=canary-query&api-version=1',
    { model: 'openai/m', input: 'a' },
    {
      'x-api-key': 'canary-caller',
      cookie: 'canary=1',
      'openai-organization': 'canary-org',
    },
  );
  const [seen] = upstream.seen;
  assert.match(String(seen?.headers.authorization), /^Bearer canary-account-(?:one|two)$/);
  assert.equal(seen?.path, '/v1/embeddings?api-version=1');
  const rest = { ...seen?.headers, authorization: '' };
  assert.doesNotMatch(JSON.stringify(rest), /canary|pb_test/);
  await gateway.nextRecord();
});
