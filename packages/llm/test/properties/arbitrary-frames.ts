import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { parseJson } from '../../src/wire/read.ts';
import { mutantOf } from './arbitrary-mutant.ts';
import { json, some, text } from './arbitrary-values.ts';

const always = fc.constant;
const index = fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: json });

/** Mostly the right type, now and then anything. */
const rather = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | Json> =>
  fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: json });

const few = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(value, { maxLength: 2 });

const call = some(
  {},
  {
    index,
    id: rather(fc.constantFrom('call_a', 'call_b', '')),
    type: rather(fc.constantFrom('function', 'custom')),
    function: rather(some({}, { name: rather(text), arguments: rather(text) })),
  },
);
const contentPart = some(
  {},
  {
    type: rather(fc.constantFrom('text', 'thinking', 'refusal', 'image_url')),
    text: rather(text),
    thinking: rather(few(some({}, { text: rather(text) }))),
    refusal: rather(text),
  },
);
const detail = some(
  {},
  {
    type: rather(fc.constantFrom('reasoning.text', 'reasoning.encrypted', 'reasoning.summary')),
    text: rather(text),
    summary: rather(text),
    signature: rather(text),
    data: rather(text),
  },
);
const delta = some(
  {},
  {
    role: rather(always('assistant')),
    content: rather(fc.oneof(text, few(contentPart))),
    reasoning: rather(text),
    reasoning_content: rather(text),
    reasoning_details: rather(few(detail)),
    refusal: rather(text),
    tool_calls: rather(few(call)),
    function_call: rather(some({}, { name: text, arguments: text })),
    annotations: json,
  },
);
const choice = some(
  {},
  {
    index,
    delta: rather(delta),
    message: rather(delta),
    finish_reason: rather(fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter', 'eos', null)),
  },
);

/** A chunk that resembles OpenAI's, its kin and its mistakes. */
const chunk = some(
  { choices: rather(few(choice)) },
  {
    id: rather(text),
    created: rather(fc.nat()),
    model: rather(text),
    usage: json,
    x_groq: rather(some({}, { usage: json })),
  },
);

const block = some(
  {},
  {
    type: rather(fc.constantFrom('text', 'thinking', 'redacted_thinking', 'tool_use', 'server_tool_use')),
    text: rather(text),
    thinking: rather(text),
    signature: rather(text),
    data: rather(text),
    id: rather(text),
    name: rather(text),
    input: json,
  },
);
const blockDelta = some(
  {},
  {
    type: rather(
      fc.constantFrom('text_delta', 'thinking_delta', 'signature_delta', 'input_json_delta', 'citations_delta'),
    ),
    text: rather(text),
    thinking: rather(text),
    signature: rather(text),
    partial_json: rather(text),
    citation: json,
  },
);

/** An event that resembles Anthropic's, in no particular order. */
const messageEvent = some(
  {
    type: rather(
      fc.constantFrom(
        'message_start',
        'content_block_start',
        'content_block_start',
        'content_block_delta',
        'content_block_delta',
        'content_block_stop',
        'message_delta',
        'message_stop',
        'ping',
      ),
    ),
  },
  {
    index,
    message: rather(some({}, { id: rather(text), model: rather(text), usage: json })),
    content_block: rather(block),
    delta: rather(fc.oneof(blockDelta, some({}, { stop_reason: rather(text), stop_sequence: rather(text) }))),
    usage: json,
    error: json,
  },
);

const ODD_DATA = ['[DONE]', '', 'null', '{', '[]', '{"error":{"message":"no"}}', '{"type":"error","error":{}}'];
const ODD_EVENTS = ['', 'error', 'message_stop', 'message_start', 'constructor', '__proto__'];

const framed = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Frame> =>
  fc.record({
    event: fc.oneof({ weight: 6, arbitrary: always('') }, { weight: 1, arbitrary: fc.constantFrom(...ODD_EVENTS) }),
    data: fc.oneof(
      { weight: 12, arbitrary: value.map((each) => JSON.stringify(each)) },
      {
        weight: 1,
        arbitrary: fc.oneof(
          text,
          json.map((each) => JSON.stringify(each)),
          fc.constantFrom(...ODD_DATA),
        ),
      },
    ),
  });

/** Frames as no server ought to send them, near enough to be taken for an answer. */
export const unrulyChatFrames = fc.array(framed(chunk), { maxLength: 8 });
export const unrulyMessagesFrames = fc
  .tuple(fc.boolean(), fc.array(framed(messageEvent), { maxLength: 10 }))
  .map(([polite, frames]): readonly Frame[] =>
    polite ? [{ event: 'message_start', data: '{"type":"message_start","message":{}}' }, ...frames] : frames,
  );

/** A stream with one to three frames dropped, doubled, exchanged with another or changed inside. */
export const disordered = (legal: fc.Arbitrary<readonly Frame[]>): fc.Arbitrary<readonly Frame[]> =>
  legal.chain((frames) => {
    const at = fc.nat(Math.max(0, frames.length - 1));
    const disorder = fc.oneof(
      fc.record({ kind: fc.constantFrom('drop', 'double'), at }),
      fc.record({ kind: always('swap'), at, with: at }),
      at.chain((place) =>
        mutantOf(always(parseJson(frames[place]?.data ?? '') ?? null)).map((value) => ({
          kind: 'mutate' as const,
          at: place,
          value,
        })),
      ),
    );
    return fc.array(disorder, { minLength: 1, maxLength: 3 }).map((disorders) => {
      const made = [...frames];
      for (const each of disorders) {
        const frame = made[each.at];
        if (frame === undefined) continue;
        if (each.kind === 'mutate') made[each.at] = { ...frame, data: JSON.stringify(each.value) };
        else if (each.kind === 'drop') made.splice(each.at, 1);
        else if (each.kind === 'double') made.splice(each.at, 0, frame);
        else if ('with' in each && each.with < made.length) {
          made[each.at] = made[each.with] ?? frame;
          made[each.with] = frame;
        }
      }
      return made;
    });
  });
