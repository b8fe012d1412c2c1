import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from './support/test-gateway.ts';

const CHUNK = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
const FIRST = `data: ${JSON.stringify({ ...CHUNK, choices: [{ index: 0, delta: { role: 'assistant', content: 'begun' } }] })}\n\n`;
const WITHOUT_END = Buffer.alloc(64 * 1024, 'x');
const REQUEST = { model: 'openai/m', stream: true, max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] };
const SENTENCE = /an event of more than 8 MiB without an end/;

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway([provider('openai', `${upstream.url}/v1`, 'key')]);
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

/** Sends `start`, and then one event for as long as anybody listens. */
const neverEnding =
  (start: string): ScriptedUpstream['answer'] =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`${start}data: `);
    const more = (): void => {
      while (!response.destroyed && response.write(WITHOUT_END));
    };
    response.on('drain', more);
    more();
  };

for (const path of ['/v1/chat/completions', '/v1/messages']) {
  it(`refuses a first event without an end on ${path}`, async () => {
    upstream.answer = neverEnding('');
    const response = await post(gateway, path, REQUEST);
    assert.equal(response.status, 502);
    assert.match(await response.text(), SENTENCE);
  });

  it(`ends a stream on ${path} with the failure when a later event has no end`, async () => {
    upstream.answer = neverEnding(FIRST);
    const response = await post(gateway, path, REQUEST);
    assert.equal(response.status, 200);
    const text = await response.text();
    assert.match(text, /begun/);
    assert.match(text, SENTENCE);
    await upstream.seen.at(-1)?.closedEarly;
  });
}
