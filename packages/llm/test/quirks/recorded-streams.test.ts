import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../src/model/event.ts';
import { loadRecordings } from '../../src/testing/recordings.ts';
import { SseDecoder } from '../../src/transport/sse-decode.ts';
import type { Frame, UpstreamCodec } from '../../src/wire/codec.ts';
import { WIRE_FORMATS, type ServedFormatId } from '../../src/wire/registry.ts';

const APIS: readonly (readonly [api: string, format: ServedFormatId])[] = [
  ['openai.chat', 'openai-chat'],
  ['anthropic.messages', 'anthropic-messages'],
  ['openai.responses', 'openai-responses'],
  ['gemini.streamGenerateContent', 'gemini'],
];

/** Everything that a proxy or another server may do to the bytes of a stream without another meaning. */
const DISGUISES: Readonly<Record<string, (sse: string) => string>> = {
  'line ends of Windows': (sse) => sse.replaceAll('\n', '\r\n'),
  'line ends of old': (sse) => sse.replaceAll('\n', '\r'),
  'no spaces behind colons': (sse) => sse.replaceAll(/^(data|event): /gm, '$1:'),
  'a byte order mark': (sse) => `\ufeff${sse}`,
  'no blank line at the end': (sse) => sse.trimEnd(),
  'comments between events': (sse) => `: hello\n\n${sse.replaceAll('\n\n', '\n\n: keep-alive\n\n')}`,
  'comments within events': (sse) => sse.replaceAll(/^data:/gm, ': keep-alive\ndata:'),
  'empty data between events': (sse) => `data:\n\n${sse.replaceAll('\n\n', '\n\ndata: \n\n')}`,
  'comments in data': (sse) => sse.replaceAll('\n\n', '\n\ndata: : keepalive\n\n'),
  'numbers of events and times to wait': (sse) => sse.replaceAll(/^data:/gm, 'id: 1\nretry: 3000\ndata:'),
  'data over two lines': (sse) => sse.replaceAll(/^data: ?\{/gm, 'data: {\ndata: '),
  'fields that nobody knows': (sse) => sse.replaceAll(/^data:/gm, 'trace: 7\ndata\ndata:').replaceAll(/^data\n/gm, ''),
};

/** In pieces of one byte, of a few that fall into every character and line end, and whole. */
const SIZES = [1, 3, Infinity];

function heard(format: ServedFormatId, sse: string, size: number): readonly StreamEvent[] {
  const codec = WIRE_FORMATS[format] as UpstreamCodec<object>;
  const decoder = new SseDecoder();
  const machine = codec.decodeStream({});
  const state = machine.initial();
  const bytes = new TextEncoder().encode(sse);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += size) frames.push(...decoder.push(bytes.subarray(at, at + size)));
  frames.push(...decoder.end());
  const last = frames.findIndex((frame) => machine.isLast?.(frame) === true);
  const live = last < 0 ? frames : frames.slice(0, last + 1);
  return [...live.flatMap((frame) => machine.step(state, frame)), ...machine.end(state)];
}

for (const [api, format] of APIS)
  describe(`a recorded stream of ${api}`, () => {
    for (const { id, response } of loadRecordings(api)) {
      const plain = response.sse_text?.replaceAll(/\r\n?/g, '\n');
      if (plain === undefined || response.status !== 200) continue;
      it(`${id} says the same in every disguise`, () => {
        const meant = heard(format, plain, Infinity);
        for (const [name, disguise] of Object.entries(DISGUISES))
          for (const size of SIZES)
            assert.deepEqual(heard(format, disguise(plain), size), meant, `${name}, by ${size}`);
      });
    }
  });
