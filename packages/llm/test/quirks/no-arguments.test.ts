import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../src/model/event.ts';
import { collect } from '../../src/model/fold.ts';
import { play } from '../../src/testing/play.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { ClientCodec } from '../../src/wire/codec.ts';
import { WIRE_FORMATS } from '../../src/wire/registry.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

/** A call of a tool that takes nothing, from a server that writes nothing for that. */
const EVENTS: readonly StreamEvent[] = [
  { type: 'response-start', id: 'r', model: 'm', createdAtMs: 0 },
  { type: 'part-start', index: 0, part: { type: 'tool-call', id: 'call_a', name: 'now', argumentsJson: '' } },
  { type: 'part-end', index: 0 },
  { type: 'finish', finish: { reason: 'tool-calls' } },
];

describe('a call without arguments', () => {
  for (const format of ['openai-chat', 'openai-responses'] as const)
    it(`reaches callers of ${format} as an empty object, which clients parse`, () => {
      const whole = collect(EVENTS);
      assert.ok(whole.ok);
      const codec: ClientCodec = WIRE_FORMATS[format];
      assert.match(JSON.stringify(codec.encodeResponse(whole.value, REQUEST).body), /"arguments":"\{\}"/);
      const frames = play(codec.encodeStream(REQUEST), EVENTS);
      const said = frames.map(({ data }) => data).join('\n');
      assert.match(said, /"(?:arguments|delta)":"\{\}"/);
    });
});
