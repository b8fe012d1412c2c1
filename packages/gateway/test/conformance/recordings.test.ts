import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Json } from '@patchbay/llm/model/json';
import { defineProvider, type ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { providerById } from '@patchbay/llm/providers/registry';
import { recordedEvents } from '@patchbay/llm/testing/join-stream';
import { loadRecordings, type Recording } from '@patchbay/llm/testing/recordings';
import type { Spoken } from '@patchbay/llm/testing/spoken';
import { objectOf, textOf } from '@patchbay/llm/wire/read';

import { heardOf, type ClientSide } from './clients/client.ts';
import { openAiCheck } from './openapi/check-openai.ts';
import { bytesOf, RECORDED, type RecordedApi } from './recorded.ts';
import type { Heard } from './scenario.ts';
import { CLIENTS, UPSTREAMS } from './sides.ts';
import { openStage, recordOf, type Stage } from './stage.ts';

/** Recordings name the place they were made; the provider that speaks their departures stands here under its own id. */
const PROVIDER_IDS: Readonly<Record<string, string>> = { 'qwen-dashscope': 'qwen' };

/** The schemas of OpenAI's own dialects: of a whole answer and of one event of a stream. */
const PUBLISHED = {
  'openai-chat': ['CreateChatCompletionResponse', 'CreateChatCompletionStreamResponse'],
  'openai-responses': ['Response', 'ResponseStreamEvent'],
} as const;

/** More pieces of one stream would only take longer. */
const PIECES_MAX = 1000;

const idOf = (recording: Recording, { format }: RecordedApi): string => `${format}--${recording.provider}`;

/** The provider as the product knows it, with this format alone. */
function recordFor(recording: Recording, api: RecordedApi): ProviderRecord {
  const side = UPSTREAMS.find(({ id }) => id === api.format);
  assert.ok(side !== undefined);
  const plain = recordOf(side, recording.provider);
  const known = providerById(PROVIDER_IDS[recording.provider] ?? recording.provider);
  const spoken = known?.speaks.find(({ format }) => format === api.format);
  const dialect = spoken?.dialect === undefined ? {} : { dialect: spoken.dialect };
  return defineProvider({ ...plain, speaks: [{ ...side.speaks, ...dialect } as typeof side.speaks] });
}

const all = Object.entries(RECORDED).flatMap(([name, api]) =>
  loadRecordings(name).map((recording) => ({ recording, api })),
);
const check = openAiCheck();
let stage: Stage;

before(async () => {
  const records = new Map(all.map(({ recording, api }) => [idOf(recording, api), recordFor(recording, api)]));
  stage = await openStage([...records.values()]);
});
after(() => stage.close());

for (const client of CLIENTS)
  describe(`recorded answers reach the official client of ${client.id}`, () => {
    // Bytes of the client's own dialect pass as they are, with whatever the provider did to them.
    for (const { recording, api } of all.filter((each) => each.api.format !== client.id))
      it(recording.id, async () => {
        const expected = expectedOf(recording, api);
        const heard = await ask(client, recording, api, Infinity);
        if (expected === undefined) return assertRefused(client, recording, heard);
        if ('error' in heard) throw heard.error;
        assert.deepEqual(heard.heard, heardOf(expected));
        assertPublished(client, recording, heard.body);
        if (!recording.stream) return;
        const again = await ask(
          client,
          recording,
          api,
          Math.max(7, Math.ceil(bytesOf(recording).bytes.length / PIECES_MAX)),
        );
        assert.deepEqual('heard' in again && again.heard, heard.heard, 'the same in small pieces');
      });
  });

/** What the recording says; `undefined` where it refuses. */
function expectedOf(recording: Recording, api: RecordedApi): Spoken | undefined {
  const { status, body } = recording.response;
  if (status >= 400) return undefined;
  const whole = body === undefined ? api.join(recording.response) : objectOf(body);
  return whole?.['error'] || whole?.['type'] === 'error' ? undefined : api.spoken(whole);
}

type Asked = { readonly heard: Heard; readonly body: string } | { readonly error: unknown };

async function ask(client: ClientSide, recording: Recording, api: RecordedApi, pieceBytes: number): Promise<Asked> {
  const id = idOf(recording, api);
  const { type, bytes } = bytesOf(recording);
  stage.cast(id, async (_, __, response) => {
    response.writeHead(recording.response.status, { 'content-type': type });
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      response.write(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes)));
      if (pieceBytes < bytes.length) await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  let body = '';
  const talk = client.talk(stage.url, stage.keyOf(recording.id), (text) => (body = text));
  const model = `${id}/${recording.model ?? 'unnamed'}`;
  try {
    const heard = await talk.say({ model, settings: {}, said: { text: 'hi' }, stream: recording.stream });
    return { heard, body };
  } catch (error) {
    return { error };
  }
}

/** A refusal arrives as the client's own error, still the caller's fault where it was, and in the provider's words. */
function assertRefused(client: ClientSide, { response }: Recording, heard: Asked): void {
  assert.ok('error' in heard, 'the client threw');
  const { status = 0, message } = client.refused(heard.error);
  if (response.status >= 400 && response.status < 500) assert.match(String(status), /^4\d\d$/, message);
  const body = objectOf(response.body);
  const words = textOf(objectOf(body?.['error'])?.['message']) ?? textOf(body?.['message']);
  if (words !== undefined) assert.ok(unquoted(message).includes(unquoted(words)), `${message} has the words ${words}`);
}

/** Clients show some errors as the JSON that they came in. */
const unquoted = (text: string): string => text.replaceAll(/\\n|\s|[\\"]/g, '');

/** What we wrote ourselves is as OpenAI's published description has it, to the letter. */
function assertPublished(client: ClientSide, recording: Recording, body: string): void {
  const published = PUBLISHED[client.id as keyof typeof PUBLISHED] as (typeof PUBLISHED)['openai-chat'] | undefined;
  if (published === undefined) return;
  const [whole, event] = published;
  const values: readonly Json[] = recording.stream ? recordedEvents(body) : [JSON.parse(body) as Json];
  assert.ok(values.length > 0);
  for (const value of values)
    assert.deepEqual(check(recording.stream ? event : whole, value), [], JSON.stringify(value));
}
