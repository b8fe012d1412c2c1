import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { loadRecordings, type Recording } from '@patchbay/llm/testing/recordings';

import { provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';
import { startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';

interface Dialect {
  /** How it is recorded, and the provider that speaks it. */
  readonly api: string;
  readonly providerId: string;
  /** Where it is served. */
  readonly path: (model: string, stream: boolean) => string;
  /** What every request needs that its recording may lack. */
  readonly needed: object;
  /** True where the path names model and stream and the body does not. */
  readonly addressed?: boolean;
}

const MESSAGES = { messages: [{ role: 'user', content: 'hi' }] };
const CONTENTS = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };
const geminiPath = (model: string, stream: boolean): string =>
  `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
const GEMINI = { providerId: 'gemini', path: geminiPath, needed: CONTENTS, addressed: true };

const DIALECTS: readonly Dialect[] = [
  { api: 'openai.chat', providerId: 'openai', path: () => '/v1/chat/completions', needed: MESSAGES },
  { api: 'anthropic.messages', providerId: 'anthropic', path: () => '/v1/messages', needed: MESSAGES },
  { api: 'openai.responses', providerId: 'openai', path: () => '/v1/responses', needed: { input: 'hi' } },
  { api: 'gemini.generateContent', ...GEMINI },
  { api: 'gemini.streamGenerateContent', ...GEMINI },
];

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
  const ids = new Set(DIALECTS.map(({ providerId }) => providerId));
  const providers = [...ids].map((id) => provider(id, `${upstream.url}/v1`, `${id}-account-key`));
  gateway = await startGateway(providers);
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

/** The recorded answer as bytes; recorded JSON is kept parsed, so its spacing is ours. */
const answerBytes = ({ response }: Recording): Buffer =>
  Buffer.from(response.sse_text ?? `${JSON.stringify(response.body, null, 1)}\n`);

for (const dialect of DIALECTS) {
  const { api } = dialect;
  describe(`${api} in its own dialect`, () => {
    for (const recording of loadRecordings(api)) {
      it(`passes ${recording.id} byte for byte`, () => passes(recording, dialect));
    }
  });
}

async function passes(recording: Recording, { providerId, path, needed, addressed }: Dialect): Promise<void> {
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
  const { model = recording.model ?? 'unnamed', ...rest } = (recording.request?.body ?? {}) as { model?: string };
  const sent = (name: string): string =>
    JSON.stringify(addressed === true ? { ...needed, ...rest } : { model: name, ...needed, ...rest, stream }, null, 2);
  const response = await fetch(gateway.url + path(`${providerId}/${model}`, stream), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TEST_KEY}` },
    body: sent(`${providerId}/${model}`),
  });
  const received = Buffer.from(await response.arrayBuffer());
  // A stream that only says that it failed is told as what it is, so that another target may answer instead.
  if (stream && FAILED_AT_ONCE.test(answer.toString())) return assert.ok(response.status >= 400);
  assert.equal(response.status, recording.response.status);
  assert.equal(upstream.seen[0]?.body.toString(), sent(model));
  if (addressed === true) assert.equal(upstream.seen[0]?.path, path(model, stream).replace('/v1beta', '/v1'));
  if (recording.response.status !== 200 || endsWell(answer, stream))
    assert.equal(received.toString(), answer.toString());
  else
    assert.ok(
      received.toString().startsWith(answer.toString().trimEnd().slice(0, -1)),
      'what came before the fault passes',
    );
}

/** An answer of OpenAI's with an error and no output. */
const FAILED_AT_ONCE = /^(?![^]*(?:output_item\.added|"delta"))[^]*event: (?:error|response\.failed)/;

/** A recording that stops in the middle gets an error event behind it; all others pass as they are. */
const endsWell = (answer: Buffer, stream: boolean): boolean =>
  !stream ||
  /\[DONE\]|message_stop|"finish_reason": ?"|"error"|event: response\.(?:completed|incomplete|failed)|"finishReason"/.test(
    answer.toString(),
  );
