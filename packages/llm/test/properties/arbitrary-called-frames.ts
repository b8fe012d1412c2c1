import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { json, some, text } from './arbitrary-values.ts';

// Streams of formats that are only called, as no server ought to send them, near enough to be taken for an answer.

const index = fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: json });

/** Mostly the right type, now and then anything. */
const rather = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | Json> =>
  fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: json });

const base64 = fc.constantFrom('aGk=', 'aGk', '', '!');
const start = fc.oneof(
  fc.record({
    toolUse: rather(
      some({}, { toolUseId: rather(text), name: rather(text), type: fc.constantFrom('tool_use', 'server_tool_use') }),
    ),
  }),
  fc.record({ toolResult: rather(some({}, { toolUseId: rather(text), status: rather(text) })) }),
  fc.record({ image: rather(some({}, { format: rather(fc.constantFrom('png', 'x')) })) }),
  some({}, { other: json, constructor: json }),
);
const delta = some(
  {},
  {
    text: rather(text),
    citation: json,
    reasoningContent: rather(
      some({}, { text: rather(text), signature: rather(text), redactedContent: rather(base64) }),
    ),
    toolUse: rather(some({}, { input: rather(text) })),
    toolResult: rather(fc.array(json, { maxLength: 2 })),
    image: rather(some({}, { source: rather(some({}, { bytes: rather(base64) })) })),
  },
);

const events: readonly (readonly [number, fc.Arbitrary<Frame>])[] = [
  [1, named('messageStart', some({ role: fc.constant('assistant') }, { p: text }))],
  [3, named('contentBlockStart', some({ start: rather(start) }, { contentBlockIndex: index }))],
  [5, named('contentBlockDelta', some({ delta: rather(delta) }, { contentBlockIndex: index }))],
  [3, named('contentBlockStop', some({}, { contentBlockIndex: index }))],
  [1, named('messageStop', some({}, { stopReason: rather(fc.constantFrom('end_turn', 'tool_use')), x: json }))],
  [1, named('metadata', some({}, { usage: json, metrics: json }))],
  [1, named('throttlingException', some({}, { message: rather(text) }))],
  [1, named('error', some({}, { code: rather(text), message: rather(text) }))],
];

function named(event: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Frame> {
  return value.map((each) => ({ event, data: JSON.stringify(each) }));
}

const oddFrame: fc.Arbitrary<Frame> = fc.record({
  event: fc.constantFrom('', 'contentBlockDelta', 'metadata', '__proto__', 'constructor', 'newException'),
  data: fc.oneof(
    text,
    json.map((each) => JSON.stringify(each)),
    fc.constantFrom('', 'null', '{', '[]'),
  ),
});

/** Frames of a Converse stream, most of them behind a proper beginning. */
export const unrulyConverseFrames: fc.Arbitrary<readonly Frame[]> = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.oneof({ weight: 1, arbitrary: oddFrame }, ...events.map(([weight, arbitrary]) => ({ weight, arbitrary }))),
      { maxLength: 10 },
    ),
  )
  .map(([polite, frames]) => (polite ? [{ event: 'messageStart', data: '{}' }, ...frames] : frames));

const call = some({}, { id: rather(text), function: rather(some({}, { name: rather(text), arguments: json })) });
const line = some(
  {},
  {
    model: rather(text),
    created_at: rather(fc.constantFrom('2026-01-01T00:00:00.5Z', 'x', '')),
    message: rather(
      some(
        {},
        {
          content: rather(text),
          thinking: rather(text),
          tool_calls: rather(fc.array(call, { maxLength: 2 })),
          x: json,
        },
      ),
    ),
    done: rather(fc.boolean()),
    done_reason: rather(fc.constantFrom('stop', 'length', 'load')),
    prompt_eval_count: json,
    eval_count: json,
  },
);

/** Lines of an Ollama stream. */
export const unrulyOllamaFrames: fc.Arbitrary<readonly Frame[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: named('', line) },
    { weight: 1, arbitrary: oddFrame },
    { weight: 1, arbitrary: named('', fc.record({ error: rather(text) })) },
  ),
  { maxLength: 8 },
);
