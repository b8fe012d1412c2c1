import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { loadRecordings, type Recording } from '@patchbay/llm/testing/recordings';

import { provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';
import { startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';

/** Each dialect: how it is recorded, where it is served, and the provider that speaks it. */
const DIALECTS = [
  { api: 'openai.chat', path: '/v1/chat/completions', providerId: 'openai' },
  { api: 'anthropic.messages', path: '/v1/messages', providerId: 'anthropic' },
] as const;

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
  const providers = DIALECTS.map(({ providerId }) =>
    provider(providerId, `${upstream.url}/v1`, `${providerId}-account-key`),
  );
  gateway = await startGateway(providers);
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

/** The recorded answer as bytes; recorded JSON is kept parsed, so its spacing is ours. */
const answerBytes = ({ response }: Recording): Buffer =>
  Buffer.from(response.sse_text ?? `${JSON.stringify(response.body, null, 1)}\n`);

for (const { api, path, providerId } of DIALECTS) {
  describe(`${api} in its own dialect`, () => {
    for (const recording of loadRecordings(api)) {
      it(`passes ${recording.id} byte for byte`, () => passes(recording, path, providerId));
    }
  });
}

async function passes(recording: Recording, path: string, providerId: string): Promise<void> {
  const answer = answerBytes(recording);
  const stream = recording.response.sse_text !== undefined;
  upstream.seen.length = 0;
  upstream.answer = async (_, response) => {
    response.writeHead(recording.response.status, {
      'content-type': stream ? 'text/event-stream' : 'application/json',
    });
    // Three pieces whose edges fall wherever they fall.
    for (const [from, to] of [
      [0, 1],
      [1, answer.length >> 1],
      [answer.length >> 1, answer.length],
    ] as const) {
      response.write(answer.subarray(from, to));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
  const { model = 'unnamed', ...rest } = (recording.request?.body ?? FALLBACK) as { model?: string };
  const sent = (name: string): string => JSON.stringify({ model: name, ...FALLBACK, ...rest, stream }, null, 2);
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TEST_KEY}` },
    body: sent(`${providerId}/${model}`),
  });
  const received = Buffer.from(await response.arrayBuffer());
  assert.equal(response.status, recording.response.status);
  assert.equal(upstream.seen[0]?.body.toString(), sent(model));
  if (recording.response.status !== 200 || endsWell(answer, stream))
    assert.equal(received.toString(), answer.toString());
  else
    assert.ok(
      received.toString().startsWith(answer.toString().trimEnd().slice(0, -1)),
      'what came before the fault passes',
    );
}

const FALLBACK = { messages: [{ role: 'user', content: 'hi' }] };

/** A recording that stops in the middle gets an error event behind it; all others pass as they are. */
const endsWell = (answer: Buffer, stream: boolean): boolean =>
  !stream || /\[DONE\]|message_stop|"finish_reason": ?"|"error"/.test(answer.toString());
