import fc from 'fast-check';

import type { Json } from '../../src/model/json.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { json, some, text } from './arbitrary-values.ts';

/** Mostly the right type, now and then anything. */
const rather = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | Json> =>
  fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: json });
const few = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(value, { maxLength: 2 });

const id = rather(fc.constantFrom('item_a', 'item_b', 'item_c', ''));
const place = rather(fc.nat(2));

const part = some(
  {},
  {
    type: rather(fc.constantFrom('output_text', 'refusal', 'reasoning_text', 'summary_text', 'output_audio')),
    text: rather(text),
    refusal: rather(text),
    annotations: rather(few(json)),
    logprobs: rather(few(json)),
  },
);
const item = some(
  {
    type: rather(
      fc.constantFrom('message', 'reasoning', 'function_call', 'custom_tool_call', 'web_search_call', 'shell_call'),
    ),
  },
  {
    id,
    call_id: rather(fc.constantFrom('call_a', 'call_b', '')),
    name: rather(text),
    namespace: rather(text),
    arguments: rather(text),
    input: rather(text),
    content: rather(few(part)),
    summary: rather(few(part)),
    encrypted_content: rather(text),
    status: rather(text),
  },
);
const response = some(
  {},
  { id: rather(text), model: rather(text), created_at: json, output: rather(few(item)), usage: json, status: json },
);

const TYPES = [
  'response.output_item.added',
  'response.output_item.done',
  'response.content_part.added',
  'response.content_part.done',
  'response.output_text.delta',
  'response.output_text.done',
  'response.output_text.annotation.added',
  'response.refusal.delta',
  'response.refusal.done',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.custom_tool_call_input.delta',
  'response.custom_tool_call_input.done',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_text.delta',
  'response.reasoning_summary_text.done',
  'response.reasoning_text.delta',
  'response.reasoning_text.done',
  'response.web_search_call.searching',
  'response.in_progress',
  'response.unheard_of',
  'keepalive',
];
const LAST = ['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled', 'error'];

const event = some(
  {
    type: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...TYPES) },
      { weight: 2, arbitrary: fc.constantFrom(...LAST) },
      { weight: 1, arbitrary: json },
    ),
  },
  {
    item_id: id,
    output_index: place,
    content_index: place,
    summary_index: place,
    item: rather(item),
    part: rather(part),
    delta: rather(text),
    text: rather(text),
    refusal: rather(text),
    arguments: rather(text),
    input: rather(text),
    annotation: json,
    logprobs: rather(few(json)),
    response: rather(response),
    error: json,
    code: json,
    message: json,
  },
);

const ODD_DATA = ['[DONE]', '', 'null', '{', '[]', '{"error":{"message":"no"}}', '{"type":"__proto__"}'];
const ODD_EVENTS = ['', 'error', 'response.completed', 'response.created', 'constructor', '__proto__'];

const framed = fc.record({
  event: fc.oneof({ weight: 8, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom(...ODD_EVENTS) }),
  data: fc.oneof(
    { weight: 14, arbitrary: event.map((each) => JSON.stringify(each)) },
    { weight: 1, arbitrary: fc.oneof(text, fc.constantFrom(...ODD_DATA)) },
  ),
});

/** Frames as no server ought to send them, near enough to be taken for an answer. */
export const unrulyResponsesFrames: fc.Arbitrary<readonly Frame[]> = fc
  .tuple(fc.boolean(), fc.array(framed, { maxLength: 12 }), fc.boolean())
  .map(([polite, frames, ends]) => [
    ...(polite ? [{ event: 'response.created', data: '{"type":"response.created","response":{"id":"resp_a"}}' }] : []),
    ...frames,
    ...(ends ? [{ event: '', data: '{"type":"response.completed","response":{}}' }] : []),
  ]);
