import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Usage } from '@patchbay/llm/model/usage';
import { loadRecordings, type Recording } from '@patchbay/llm/testing/recordings';
import type { ClientCodec, UpstreamCodec } from '@patchbay/llm/wire/codec';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import { expressSpeech } from './express-speech.ts';
import type { Speech, StreamLane } from './speech.ts';
import { translateSpeech } from './translate-speech.ts';

type Codec = UpstreamCodec<object> & ClientCodec;

const UNHEARD = { step: () => undefined, end: () => Promise.resolve() };
const REQUEST = { model: 'm', messages: [], stream: true, streamUsage: true } as const;
const CHAT: Codec = WIRE_FORMATS['openai-chat'];
const MESSAGES: Codec = WIRE_FORMATS['anthropic-messages'];

/** Longer recordings would only repeat what shorter ones show, a byte at a time. */
const BYTES_MAX = 60_000;

const LANES: readonly (readonly [string, string, () => Speech])[] = [
  ['openai.chat', 'as it is', () => expressSpeech({ codec: CHAT, dialect: {}, streams: true, inputTokensEstimate: 1 })],
  ['openai.chat', 'translated', () => translated(MESSAGES, CHAT)],
  [
    'anthropic.messages',
    'as it is',
    () => expressSpeech({ codec: MESSAGES, dialect: {}, streams: true, inputTokensEstimate: 1 }),
  ],
  ['anthropic.messages', 'translated', () => translated(CHAT, MESSAGES)],
];

const translated = (client: Codec, upstream: Codec): Speech =>
  translateSpeech({
    client,
    upstream,
    dialect: {},
    request: REQUEST,
    names: { id: 'named-here', model: 'm', createdAtMs: 1000 },
    inputTokensEstimate: 1,
    observe: () => UNHEARD,
  });

/** Everything a client gets of a stream that comes in pieces of so many bytes, and the usage that is recorded. */
function relayed(lane: StreamLane, bytes: Buffer, pieceBytes: number): { text: string; usage: Usage | undefined } {
  const parts: (Buffer | string)[] = [];
  let failed = false;
  for (let at = 0; at < bytes.length && !failed; at += pieceBytes) {
    const made = lane.push(bytes.subarray(at, at + pieceBytes));
    if (made.bytes !== undefined) parts.push(made.bytes);
    failed = made.failure !== undefined;
  }
  const end = failed ? undefined : lane.end();
  if (end?.bytes !== undefined) parts.push(end.bytes);
  return { text: Buffer.concat(parts.map((part) => Buffer.from(part))).toString(), usage: end?.usage };
}

for (const [api, how, speech] of LANES) {
  describe(`${api} ${how}, split at every byte`, () => {
    for (const { id, response } of loadRecordings(api).filter(isShortStream)) {
      it(id, () => {
        const bytes = Buffer.from(response.sse_text ?? '');
        const whole = relayed(speech().stream(), bytes, bytes.length);
        const split = relayed(speech().stream(), bytes, 1);
        assert.equal(split.text, whole.text);
        // An estimate may differ: it counts pieces where the provider has not counted tokens.
        if (whole.usage?.estimated === false) assert.deepEqual(split.usage, whole.usage);
        if (how === 'as it is' && !bytes.includes('"error"')) assert.equal(whole.text, bytes.toString());
      });
    }
  });
}

function isShortStream({ response }: Recording): boolean {
  return response.sse_text !== undefined && response.sse_text.length <= BYTES_MAX;
}
