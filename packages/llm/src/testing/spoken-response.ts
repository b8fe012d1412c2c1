import type { JsonObject } from '../model/json.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../wire/read.ts';
import { recordedEvents } from './join-stream.ts';
import type { Spoken } from './spoken.ts';

/** The `response` that a recorded stream of response events ends with, or its error. */
export function joinResponse(sseText: string): JsonObject {
  for (const event of recordedEvents(sseText)) {
    if (event['type'] === 'error') return { error: event['error'] ?? event };
    const response = objectOf(event['response']);
    // What comes behind the first end belongs to another answer.
    if (response !== undefined && /\.(?:completed|incomplete|failed)$/.test(textOf(event['type']) ?? ''))
      return response;
  }
  return {};
}

/** Reads a `response`, recorded or made by the official client. */
export function spokenByResponse(response: unknown): Spoken {
  const body = objectOf(response) ?? {};
  const items = arrayOf(body['output']).filter(isObject);
  const contents = items.filter(({ type }) => type === 'message').flatMap((item) => objectsIn(item, 'content'));
  const calls = items.flatMap(callsIn);
  const refused = contents.some((part) => part['type'] === 'refusal');
  return {
    text: contents.map((part) => textOf(part['text']) ?? textOf(part['refusal']) ?? '').join(''),
    reasoning: items.map(thoughtsIn).join(''),
    calls,
    finish: finishOf(body, calls.length > 0, refused),
    usage: usageOf(objectOf(body['usage'])),
  };
}

const objectsIn = (item: JsonObject, list: string): readonly JsonObject[] => arrayOf(item[list]).filter(isObject);

/** What was thought, then what is shown of it: all that an item lets be read. */
const thoughtsIn = (item: JsonObject): string =>
  item['type'] !== 'reasoning'
    ? ''
    : [...objectsIn(item, 'content'), ...objectsIn(item, 'summary')]
        .map((each) => textOf(each['text']) ?? '')
        .filter((text) => text !== '')
        .join('\n\n');

function callsIn(item: JsonObject): Spoken['calls'] {
  const name = textOf(item['name']) ?? '';
  if (item['type'] === 'custom_tool_call') return [{ name, input: item['input'] }];
  if (item['type'] !== 'function_call') return [];
  return [{ name, input: JSON.parse(textOf(item['arguments']) || '{}') as unknown }];
}

function finishOf(body: JsonObject, called: boolean, refused: boolean): Spoken['finish'] {
  const reason = objectOf(body['incomplete_details'])?.['reason'];
  if (reason === 'max_output_tokens') return 'length';
  if (reason === 'content_filter') return 'declined';
  if (called) return 'tools';
  return refused ? 'declined' : 'end';
}

function usageOf(usage: JsonObject | undefined): Spoken['usage'] {
  if (usage === undefined) return undefined;
  const count = (from: unknown, name: string): number => numberOf(objectOf(from)?.[name]) ?? 0;
  return {
    input: count(usage, 'input_tokens'),
    cacheRead: count(usage['input_tokens_details'], 'cached_tokens'),
    cacheWrite: count(usage['input_tokens_details'], 'cache_write_tokens'),
    output: count(usage, 'output_tokens'),
    reasoning: count(usage['output_tokens_details'], 'reasoning_tokens'),
  };
}
