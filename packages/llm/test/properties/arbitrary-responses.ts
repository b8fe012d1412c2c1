import fc from 'fast-check';

import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { json, name, some, text } from './arbitrary-values.ts';

const always = fc.constant;
const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const few = <Value>(value: fc.Arbitrary<Value>, minLength = 0): fc.Arbitrary<Value[]> =>
  fc.array(value, { minLength, maxLength: 2 });

const annotation = word.map((title): JsonObject => ({ type: 'url_citation', url: 'https://a.example', title }));
const logprob = word.map((token): JsonObject => ({ token, logprob: -1, bytes: [1], top_logprobs: [] }));

const outputText = some(
  { type: always('output_text'), text: fc.oneof(word, always('')), annotations: few(annotation) },
  { logprobs: few(logprob), x_one: json },
);
const refusal = fc.record({ type: always('refusal'), refusal: fc.oneof(word, always('')) });
const otherContent = json.map((value): JsonObject => ({ type: 'output_audio', audio: value }));

const message = some(
  {
    type: always('message'),
    role: always('assistant'),
    status: always('completed'),
    content: fc.array(fc.oneof({ weight: 6, arbitrary: outputText }, refusal, otherContent), { maxLength: 3 }),
  },
  { phase: fc.constantFrom('commentary', 'final_answer'), x_two: json },
);

const texts = (type: string): fc.Arbitrary<JsonObject[]> => few(word.map((each) => ({ type, text: each })));
const reasoning = some(
  { type: always('reasoning'), summary: texts('summary_text') },
  { content: texts('reasoning_text'), encrypted_content: word, status: always('completed') },
);

const placed = { id: always(''), status: always('completed'), namespace: fc.constantFrom('functions', 'mcp') };
const functionCall = some(
  {
    type: always('function_call'),
    call_id: always(''),
    name,
    arguments: fc.oneof(word, always('{"a":1}'), always('')),
  },
  placed,
);
const customCall = some(
  { type: always('custom_tool_call'), call_id: always(''), name, input: fc.oneof(text, always('')) },
  placed,
);
const other = some(
  { type: fc.constantFrom('web_search_call', 'code_interpreter_call', 'x_call'), status: always('completed') },
  { action: json },
);

/** Items of an answer, each with an id and each call with a name of its own. */
const output = fc.array(fc.oneof(message, reasoning, functionCall, customCall, other), { maxLength: 5 }).map((items) =>
  items.map((item, place): JsonObject => ({
    ...item,
    id: `item_${place}`,
    ...('call_id' in item && { call_id: `call_${place}` }),
  })),
);

const count = fc.nat(1000);
const usage = fc.tuple(count, count, count, count, count).map(([uncached, read, written, said, thought]) => ({
  input_tokens: uncached + read + written + 1,
  input_tokens_details: { cached_tokens: read, cache_write_tokens: written },
  output_tokens: said + thought,
  output_tokens_details: { reasoning_tokens: thought },
  total_tokens: uncached + read + written + 1 + said + thought,
}));

const ending = fc.constantFrom<JsonObject>(
  { status: 'completed', incomplete_details: null },
  { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
  { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
);

/** Whole answers as the vendor gives them. */
export const arbitraryResponse: fc.Arbitrary<JsonObject> = fc
  .tuple(some({ id: word, model: word, output, usage }, { service_tier: word, tools: always([]) }), fc.nat(1e9), ending)
  .map(([said, created, end]) => ({ object: 'response', created_at: created, error: null, ...said, ...end }));

/** How a server tells an answer: what it leaves out, and whether it tells several items at once. */
export interface Telling {
  /** Pieces of texts, their whole, whole parts, and whole items; the last word tells everything anyhow. */
  readonly deltas: boolean;
  readonly wholes: boolean;
  readonly parts: boolean;
  readonly items: boolean;
  /** Which of the items that are open speaks next; they begin in order. */
  readonly turns: readonly number[];
  /** How many items are told at once. */
  readonly atOnce: number;
}

/** Any way of telling; `items` as given. */
const tellings = (items: boolean): fc.Arbitrary<Telling> =>
  fc.record({
    deltas: fc.boolean(),
    wholes: fc.boolean(),
    parts: fc.boolean(),
    items: always(items),
    turns: fc.array(fc.nat(3), { maxLength: 30 }),
    atOnce: fc.integer({ min: 1, max: 3 }),
  });

/** Tells nothing before the last word. */
const AT_LAST: Telling = { deltas: false, wholes: false, parts: false, items: false, turns: [], atOnce: 1 };

/** Ways of telling from which everything can be known before an item is over. */
export const telling: fc.Arbitrary<Telling> = fc.oneof(
  { weight: 8, arbitrary: tellings(true) },
  { weight: 1, arbitrary: always(AT_LAST) },
);

/** Ways of telling that never say that an item is over. */
export const openTelling: fc.Arbitrary<Telling> = tellings(false);

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

/** The frames that tell a whole answer so. */
export function tell(response: JsonObject, how: Telling): readonly Frame[] {
  const items = (response['output'] as readonly JsonObject[]).map((item, place) => tellItem(item, place, how));
  const events: Event[] = [];
  const queues = items.map((each) => [...each]);
  let [first, begun, turn] = [0, 0, 0];
  while (first < queues.length) {
    const open = queues.slice(first, Math.min(begun + 1, first + how.atOnce)).filter((queue) => queue.length > 0);
    const queue = open[(how.turns[turn++] ?? 0) % Math.max(1, open.length)];
    begun = Math.max(begun, queues.indexOf(queue ?? []) + 1);
    const next = queue?.shift();
    if (next !== undefined) events.push(next);
    while (queues[first]?.length === 0) first += 1;
    begun = Math.max(begun, first);
  }
  const started = { ...response, status: 'in_progress', output: [], usage: null, incomplete_details: null };
  const all: readonly Event[] = [
    { type: 'response.created', response: started },
    { type: 'response.in_progress', response: started },
    ...events,
    { type: `response.${response['status'] as string}`, response },
  ];
  return all.map((event, number) => ({
    event: event.type,
    data: JSON.stringify({ ...event, sequence_number: number }),
  }));
}

function halves(whole: string): readonly string[] {
  const half = Math.ceil(whole.length / 2);
  return [whole.slice(0, half), whole.slice(half)].filter((piece) => piece !== '');
}

function tellItem(item: JsonObject, place: number, how: Telling): readonly Event[] {
  const at = { output_index: place, item_id: item['id'] };
  const added = { type: 'response.output_item.added', output_index: place, item: begun(item) };
  const done = { type: 'response.output_item.done', output_index: place, item };
  if (!how.items && !how.deltas && !how.wholes && !how.parts) return [];
  return [added, ...tellInside(item, at, how), ...(how.items ? [done] : [])];
}

/** An item as it is announced: nothing of what it will say. */
function begun(item: JsonObject): JsonObject {
  const { encrypted_content: _, content, summary, arguments: args, input, ...rest } = item;
  return {
    ...rest,
    status: 'in_progress',
    ...(content !== undefined && { content: [] }),
    ...(summary !== undefined && { summary: [] }),
    ...(args !== undefined && { arguments: '' }),
    ...(input !== undefined && { input: '' }),
  };
}

function tellInside(item: JsonObject, at: JsonObject, how: Telling): readonly Event[] {
  const spoken = (list: Json | undefined): readonly JsonObject[] => (list ?? []) as readonly JsonObject[];
  switch (item['type']) {
    case 'message':
      return spoken(item['content']).flatMap((part, index) => tellPart(part, { ...at, content_index: index }, how));
    case 'reasoning':
      return [
        ...spoken(item['content']).flatMap((part, index) =>
          tellThought('response.content_part', 'response.reasoning_text', part, { ...at, content_index: index }, how),
        ),
        ...spoken(item['summary']).flatMap((part, index) =>
          tellThought(
            'response.reasoning_summary_part',
            'response.reasoning_summary_text',
            part,
            { ...at, summary_index: index },
            how,
          ),
        ),
      ];
    case 'function_call':
      return tellText('response.function_call_arguments', 'arguments', item['arguments'], at, how);
    case 'custom_tool_call':
      return tellText('response.custom_tool_call_input', 'input', item['input'], at, how);
    default:
      return [{ type: `response.${item['type'] as string}.searching`, ...at }];
  }
}

function tellText(type: string, member: string, whole: unknown, at: JsonObject, how: Telling): readonly Event[] {
  const said = whole as string;
  return [
    ...(how.deltas ? halves(said).map((delta) => ({ type: `${type}.delta`, ...at, delta })) : []),
    ...(how.wholes ? [{ type: `${type}.done`, ...at, [member]: said }] : []),
  ];
}

const between = (part: Event, inner: readonly Event[], end: Event, how: Telling): readonly Event[] => [
  part,
  ...inner,
  ...(how.parts ? [end] : []),
];

function tellPart(part: JsonObject, at: JsonObject, how: Telling): readonly Event[] {
  const refuses = part['type'] === 'refusal';
  const isText = part['type'] === 'output_text';
  const empty = isText
    ? { ...part, text: '', annotations: [] }
    : { type: part['type'], ...(refuses && { refusal: '' }) };
  const inner = refuses
    ? tellText('response.refusal', 'refusal', part['refusal'], at, how)
    : isText
      ? [
          ...tellText('response.output_text', 'text', part['text'], at, how),
          ...(how.deltas
            ? (part['annotations'] as readonly Json[]).map((each, index) => ({
                type: 'response.output_text.annotation.added',
                ...at,
                annotation_index: index,
                annotation: each,
              }))
            : []),
        ]
      : [];
  const added = { type: 'response.content_part.added', ...at, part: empty };
  return between(added, inner, { type: 'response.content_part.done', ...at, part }, how);
}

function tellThought(section: string, words: string, part: JsonObject, at: JsonObject, how: Telling): readonly Event[] {
  const added = { type: `${section}.added`, ...at, part: { ...part, text: '' } };
  const inner = tellText(words, 'text', part['text'], at, how);
  return between(added, inner, { type: `${section}.done`, ...at, part }, how);
}
