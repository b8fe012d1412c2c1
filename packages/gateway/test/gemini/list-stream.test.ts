import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { GoogleGenAI } from '@google/genai';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';

let upstream: ScriptedUpstream;
let other: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
  other = await startUpstream(() => undefined);
  gateway = await startGateway([
    provider('gemini', `${upstream.url}/v1beta`, 'gemini-key'),
    provider('openai', `${other.url}/v1`, 'openai-key'),
  ]);
});
after(async () => {
  await gateway.close();
  await upstream.close();
  await other.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
});

/** As Google's servers write them: with blanks that a serialiser would not write. */
const said = (text: string, finish = ''): string =>
  `{"candidates": [{"content": {"parts": [{"text": "${text}"}],"role": "model"}${finish},"index": 0}]}`;
const CHUNKS = [said('one '), said('two '), said('three', ',"finishReason": "STOP"')];
const streamed = (chunks: readonly string[]): void => {
  upstream.answer = async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) {
      response.write(`data: ${chunk}\r\n\r\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
};

const BODY = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };
const ask = (model: string, query = ''): Promise<Response> =>
  post(gateway, `/v1beta/models/${model}:streamGenerateContent${query}`, BODY);

/** What has come so far, closed where a list may be closed: every beginning that ends with an element is JSON. */
async function elements(
  response: Response,
  onPiece: () => void = () => undefined,
): Promise<{ readonly whole: unknown[]; readonly partial: number[] }> {
  const decoder = new TextDecoder();
  let text = '';
  const partial: number[] = [];
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece as Uint8Array, { stream: true });
    onPiece();
    if (!text.endsWith(']')) partial.push((JSON.parse(`${text}]`) as unknown[]).length);
  }
  return { whole: JSON.parse(text) as unknown[], partial };
}

describe('streamGenerateContent without alt=sse', () => {
  it('answers a list that comes element by element, each with the bytes of the provider', async () => {
    streamed(CHUNKS);
    const response = await ask('gemini/gemini-2.5-flash');
    assert.equal(response.headers.get('content-type'), 'application/json; charset=UTF-8');
    assert.equal(await response.text(), `[${CHUNKS.join(',\r\n')}]`);
    assert.equal(upstream.seen[0]?.path, '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
  });

  it('is valid after every element', async () => {
    streamed(CHUNKS);
    const { whole } = await elements(await ask('gemini/gemini-2.5-flash', '?alt=json'));
    assert.equal(whole.length, 3);
  });

  it('is told of a provider of another kind in the same way', async () => {
    const chunk = (delta: object, finish: string | null = null): string =>
      `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    other.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(
        `${chunk({ role: 'assistant', content: 'one ' })}${chunk({ content: 'two' })}${chunk({}, 'stop')}data: [DONE]\n\n`,
      );
    };
    const { whole } = await elements(await ask('openai/gpt'));
    const words = (whole as { candidates: { content: { parts: { text: string }[] } }[] }[]).map(
      ({ candidates }) => candidates[0]?.content.parts.map(({ text }) => text).join('') ?? '',
    );
    assert.equal(words.join(''), 'one two');
    assert.ok(!JSON.stringify(whole).includes('DONE'));
  });

  it('ends with an element that says what went wrong in the middle', async () => {
    const heard = Promise.withResolvers<void>();
    upstream.answer = async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${CHUNKS[0]}\r\n\r\n`);
      await heard.promise;
      response.end('data: {"error":{"code":503,"message":"Overloaded.","status":"UNAVAILABLE"}}\r\n\r\n');
    };
    const { whole } = await elements(await ask('gemini/gemini-2.5-flash'), () => heard.resolve());
    assert.equal(whole.length, 2);
    assert.deepEqual(whole[1], { error: { code: 503, message: 'Overloaded.', status: 'UNAVAILABLE' } });
  });

  it('ends with an error where the provider breaks off', async () => {
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${CHUNKS[0]}\r\n\r\ndata: {"candi`, () => response.destroy());
    };
    const { whole } = await elements(await ask('gemini/gemini-2.5-flash'));
    assert.equal(whole.length, 2);
    assert.ok('error' in (whole[1] as object));
  });

  it('stays valid where the provider sends what is no JSON', async () => {
    streamed([CHUNKS[0] ?? '', CHUNKS[1] ?? '', '{"candidates": oops', CHUNKS[2] ?? '']);
    const { whole } = await elements(await ask('gemini/gemini-2.5-flash'));
    assert.equal(whole.length, 3);
    assert.ok('error' in (whole[2] as object));
  });

  it('has no element for a last word borrowed from others', async () => {
    streamed([...CHUNKS, '[DONE]']);
    assert.equal(await (await ask('gemini/gemini-2.5-flash')).text(), `[${CHUNKS.join(',\r\n')}]`);
  });

  it('is a list with one error where nothing has been said', async () => {
    const error = { code: 400, message: 'No.', status: 'INVALID_ARGUMENT' };
    upstream.answer = (_, response) => sendJson(response, 400, { error });
    const response = await ask('gemini/gemini-2.5-flash');
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), [{ error }]);
    const unknown = await ask('nobody/nothing');
    assert.equal(unknown.status, 404);
    assert.equal(((await unknown.json()) as unknown[]).length, 1);
  });

  it('is no matter of callers who ask for events, as Google’s SDK does', async () => {
    streamed(CHUNKS);
    const google = new GoogleGenAI({ apiKey: TEST_KEY, httpOptions: { baseUrl: gateway.url } });
    let text = '';
    for await (const part of await google.models.generateContentStream({
      model: 'gemini/gemini-2.5-flash',
      contents: 'hi',
    }))
      text += part.text ?? '';
    assert.equal(text, 'one two three');
    streamed(CHUNKS);
    assert.equal(
      await (await ask('gemini/gemini-2.5-flash', '?alt=sse')).text(),
      CHUNKS.map((chunk) => `data: ${chunk}\r\n\r\n`).join(''),
    );
  });
});
