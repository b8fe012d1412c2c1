import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';

import OpenAI from 'openai';

import { startRawServer, type RawServer } from '../support/raw-server.ts';
import { sendJson, startUpstream, type ScriptedUpstream, type SeenRequest } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';

const LARGE = randomBytes(30_000_000);
const SMALL = randomBytes(50_000);
const TRANSCRIPT = {
  text: 'hello',
  usage: { type: 'tokens', input_tokens: 14, output_tokens: 3, total_tokens: 17 },
};

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let openai: OpenAI;
let unreachable: string;

before(async () => {
  upstream = await startUpstream(() => undefined);
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  unreachable = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  closed.close();
  gateway = await startGateway(
    [
      provider('openai', `${upstream.url}/v1`, 'canary-one', 'canary-two'),
      provider('groq', unreachable, 'canary-groq'),
      provider('openai-compatible', `${upstream.url}/own`, 'canary-own'),
    ],
    { aliases: new Map([['ears', ['groq/whisper', 'openai/whisper-1']]]), bodyLimitBytes: 1024 * 1024 },
  );
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
  upstream.answer = (_, response) => sendJson(response, 200, TRANSCRIPT);
});

const wav = (bytes: Uint8Array<ArrayBuffer>): File => new File([bytes], 'a.wav', { type: 'audio/wav' });

const formOf = ({ headers, body }: SeenRequest): Promise<FormData> =>
  new Response(new Uint8Array(body), { headers: { 'content-type': String(headers['content-type']) } }).formData();

async function fileOf(form: FormData, name = 'file'): Promise<Buffer> {
  return Buffer.from(await (form.get(name) as File).arrayBuffer());
}

describe('a short form', () => {
  it('is transcribed, wherever its model stands', async () => {
    for (const form of [
      { model: 'openai/whisper-1', file: wav(SMALL), language: 'en' },
      { file: wav(SMALL), language: 'en', model: 'openai/whisper-1' },
    ]) {
      const answer = await openai.audio.transcriptions.create(form);
      assert.equal(answer.text, 'hello');
      const seen = await formOf(upstream.seen.at(-1) as SeenRequest);
      assert.deepEqual([seen.get('model'), seen.get('language')], ['whisper-1', 'en']);
      assert.ok((await fileOf(seen)).equals(SMALL));
      const record = await gateway.nextRecord();
      assert.deepEqual(
        [record.route, record.requestedModel, record.state, record.attempts[0]?.model],
        ['/v1/audio/transcriptions', 'openai/whisper-1', 'success', 'whisper-1'],
      );
      assert.deepEqual([record.attempts[0]?.usage?.inputTokens, record.attempts[0]?.usage?.outputTokens], [14, 3]);
    }
  });

  it('is tried with the next account after a refusal, because it is held', async () => {
    upstream.answer = (_, response, number) =>
      number === 0
        ? sendJson(response, 429, { error: { message: 'slow' } }, { 'retry-after': '1' })
        : sendJson(response, 200, TRANSCRIPT);
    await openai.audio.translations.create({ model: 'openai/whisper-1', file: wav(SMALL) });
    assert.equal((await gateway.nextRecord()).attempts.length, 2);
    const [first, second] = upstream.seen as [SeenRequest, SeenRequest];
    assert.ok(first.body.equals(second.body));
    assert.notEqual(first.headers.authorization, second.headers.authorization);
    assert.equal(second.path, '/v1/audio/translations');
  });

  it('edits images, with several files', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, { created: 1, data: [{ b64_json: 'aGk=' }] });
    const image = await openai.images.edit({
      image: [new File(['one'], '1.png', { type: 'image/png' }), new File(['two'], '2.png', { type: 'image/png' })],
      prompt: 'a cat',
      model: 'openai/gpt-image-1.5',
    });
    assert.equal(image.data?.[0]?.b64_json, 'aGk=');
    const seen = await formOf(upstream.seen[0] as SeenRequest);
    assert.deepEqual([seen.get('model'), seen.get('prompt')], ['gpt-image-1.5', 'a cat']);
    assert.equal([...seen.values()].filter((each) => each instanceof File).length, 2);
    await gateway.nextRecord();
  });

  it('goes nowhere without a model', async () => {
    await assert.rejects(
      openai.images.createVariation({ image: new File(['one'], '1.png', { type: 'image/png' }) }),
      /400 `model` must be a non-empty string/,
    );
    assert.equal(upstream.seen.length, 0);
    assert.equal((await gateway.nextRecord()).status, 400);
  });

  it('is varied by a server of one’s own, since OpenAI no longer does', async () => {
    const image = new File(['one'], '1.png', { type: 'image/png' });
    await assert.rejects(
      openai.images.createVariation({ image, model: 'openai/dall-e-2' }),
      /404 OpenAI does not serve/,
    );
    await gateway.nextRecord();
    upstream.answer = (_, response) => sendJson(response, 200, { created: 1, data: [] });
    await openai.images.createVariation({ image, model: 'openai-compatible/sd' });
    assert.equal(upstream.seen[0]?.path, '/own/images/variations');
    await gateway.nextRecord();
  });
});

describe('a long form', () => {
  it('passes as it comes, with its length, when it begins with the model', async () => {
    const answer = await openai.audio.transcriptions.create({ model: 'openai/whisper-1', file: wav(LARGE) });
    assert.equal(answer.text, 'hello');
    const [seen] = upstream.seen as [SeenRequest];
    assert.equal(seen.headers['transfer-encoding'], undefined);
    const form = await formOf(seen);
    assert.equal(form.get('model'), 'whisper-1');
    assert.ok((await fileOf(form)).equals(LARGE));
    assert.equal((await gateway.nextRecord()).attempts[0]?.usage?.inputTokens, 14);
  });

  it('is refused when its model comes too late, with a word about what helps', async () => {
    await assert.rejects(
      openai.audio.transcriptions.create({ file: wav(LARGE), model: 'openai/whisper-1' }),
      (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError);
        assert.match(error.message, /Put it before the file, or name the model in the header `x-patchbay-model`/);
        return true;
      },
    );
    assert.equal(upstream.seen.length, 0);
    await gateway.nextRecord();
  });

  for (const [how, options] of [
    ['in a header', { headers: { 'x-patchbay-model': 'openai/whisper-1' } }],
    ['in the query', { query: { model: 'openai/whisper-1', a: 'b' } }],
  ] as const)
    it(`passes with its model named ${how}, and the late field says the provider’s name`, async () => {
      await openai.audio.transcriptions.create({ file: wav(LARGE), model: 'whisper-1-by-another-name' }, options);
      const [seen] = upstream.seen as [SeenRequest];
      const form = await formOf(seen);
      assert.deepEqual(form.getAll('model'), ['whisper-1']);
      assert.ok((await fileOf(form)).equals(LARGE));
      assert.doesNotMatch(seen.path, /model/);
      assert.equal(seen.headers['x-patchbay-model'], undefined);
      assert.equal((await gateway.nextRecord()).requestedModel, 'openai/whisper-1');
    });

  it('goes to the next target when a connection is refused, because nothing has left', async () => {
    await openai.audio.transcriptions.create({ model: 'ears', file: wav(LARGE) });
    const record = await gateway.nextRecord();
    assert.deepEqual(
      [record.attempts[0]?.failureKind, record.attempts.at(-1)?.providerId, record.state],
      ['network', 'openai', 'success'],
    );
    assert.ok((await fileOf(await formOf(upstream.seen[0] as SeenRequest))).equals(LARGE));
  });

  it('is not sent again after a refusal: the provider’s words go to the client', async () => {
    upstream.answer = (_, response) => sendJson(response, 503, { error: { message: 'busy', type: 'own' } });
    await assert.rejects(
      openai.audio.transcriptions.create({ model: 'openai/whisper-1', file: wav(LARGE) }),
      /503 busy/,
    );
    assert.equal(upstream.seen.length, 1);
    const record = await gateway.nextRecord();
    assert.deepEqual([record.attempts.length, record.status], [1, 503]);
  });
});

describe('a form on its way', () => {
  let server: RawServer;
  let slow: TestGateway;
  let client: Socket;
  let answered: string;

  before(async () => {
    server = await startRawServer();
    slow = await startGateway([provider('openai', `http://127.0.0.1:${server.port}`, 'canary', 'canary-other')]);
  });
  beforeEach(() => {
    const { hostname, port } = new URL(slow.url);
    client = connect(Number(port), hostname);
    answered = '';
    client.on('error', () => undefined).on('data', (data) => (answered += data.toString('latin1')));
  });
  after(async () => {
    await slow.close();
    await server.close();
  });

  const field = (name: string, value: string): string =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const FILE = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const BYTES = 20_000_000;

  function begin(...said: readonly string[]): void {
    client.write(
      `POST /v1/audio/transcriptions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TEST_KEY}\r\n` +
        `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${BYTES}\r\n\r\n${said.join('')}`,
    );
  }

  it('is refused when a second model comes, and its upstream hears no end', async () => {
    begin(field('model', 'openai/whisper-1'), FILE);
    const connection = await server.connection();
    client.write(`${'x'.repeat(100_000)}\r\n${field('model', 'other')}--b\r\n`);
    await connection.closed;
    while (!answered.includes('twice')) await once(client, 'data');
    assert.match(answered, /^HTTP\/1\.1 400 /);
    assert.ok(!connection.received.includes('other'));
    client.destroy();
    const record = await slow.nextRecord();
    assert.deepEqual([record.status, record.attempts.length], [400, 1]);
  });

  it('ends with its client, and the upstream’s connection with it', async () => {
    begin(field('model', 'openai/whisper-1'), FILE);
    const connection = await server.connection();
    while (!connection.received.includes('filename="a"')) await new Promise((resolve) => setImmediate(resolve));
    assert.match(connection.received, new RegExp(`\r\ncontent-length: ${BYTES - 'openai/'.length}\r\n`));
    client.destroy();
    await connection.closed;
    assert.equal((await slow.nextRecord()).state, 'cancelled');
  });

  it('is refused at once when nobody may send it', async () => {
    client.write(
      `POST /v1/audio/transcriptions HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${BYTES}\r\n\r\n`,
    );
    while (!answered.includes('invalid_api_key')) await once(client, 'data');
    assert.match(answered, /^HTTP\/1\.1 401 /);
    client.destroy();
  });
});

describe('a body that is no form', () => {
  it('is JSON, for models that take files by their addresses', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, { created: 1, data: [] });
    const body = { images: [{ image_url: 'https://a.example/1.png' }], prompt: 'a', model: 'openai/gpt-image-2' };
    const response = await post(gateway, '/v1/images/edits', body);
    assert.equal(response.status, 200);
    assert.deepEqual(JSON.parse(String(upstream.seen[0]?.body)), { ...body, model: 'gpt-image-2' });
    await gateway.nextRecord();
  });

  for (const [status, what, body, headers] of [
    [413, 'too long', `{"model":"openai/m","x":"${'x'.repeat(1_200_000)}"}`, {}],
    [400, 'compressed', '{}', { 'content-encoding': 'gzip' }],
    [400, 'a form without a boundary', 'a', { 'content-type': 'multipart/form-data' }],
    [400, 'nothing', '', {}],
  ] as const)
    it(`is refused with ${status} when it is ${what}`, async () => {
      const response = await post(gateway, '/v1/images/edits', body, { ...headers });
      assert.equal(response.status, status);
      assert.equal(upstream.seen.length, 0);
      await gateway.nextRecord();
    });
});

it('shows no account’s key to anyone', () => {
  assert.doesNotMatch(JSON.stringify([gateway.records, gateway.errors]), /canary/);
  assert.deepEqual(gateway.errors, []);
});
