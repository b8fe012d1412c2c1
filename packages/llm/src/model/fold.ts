import type { PartDelta, StreamEvent } from './event.ts';
import { failed, ok, type Failure, type Result } from './failure.ts';
import type { Extras } from './extras.ts';
import type { Json } from './json.ts';
import type { Part } from './part.ts';
import type { GenerationResponse } from './response.ts';

interface Growing {
  readonly part: Part;
  readonly pieces: string[];
  signature: string | undefined;
  readonly extras: Extras[];
}

const UNFINISHED: Failure = { kind: 'protocol', message: 'The stream ended without its last word.' };

/** Makes one whole answer of a stream's events; the stream's failure, if it had one, is the result. Linear. */
export function collect(events: Iterable<StreamEvent>): Result<GenerationResponse> {
  const parts = new Map<number, Growing>();
  let start: (StreamEvent & { type: 'response-start' }) | undefined;
  for (const event of events) {
    if (event.type === 'failure') return failed(event.failure);
    if (event.type === 'response-start') start = event;
    else if (event.type === 'part-start')
      parts.set(event.index, {
        part: event.part,
        pieces: [],
        signature: undefined,
        extras: event.part.extras === undefined ? [] : [event.part.extras],
      });
    else if (event.type === 'part-delta') grow(parts.get(event.index), event.delta);
    else if (event.type === 'finish') return ok(whole(start, [...parts.values()].map(finished), event));
  }
  return failed(UNFINISHED);
}

function grow(growing: Growing | undefined, delta: PartDelta): void {
  if (growing === undefined) return;
  if (delta.type === 'text') growing.pieces.push(delta.text);
  else if (delta.type === 'arguments') growing.pieces.push(delta.json);
  else if (delta.type === 'signature') growing.signature = delta.signature;
  else growing.extras.push(delta.extras);
}

/** One value, or lists that make one list. */
type Values = (Json | undefined)[];

/** Lists grow, other members take the later value. All at once, so that many small lists are copied once. */
function mergeExtras(all: readonly Extras[]): Extras | undefined {
  if (all.length < 2) return all[0];
  const formats = new Map<string, Map<string, Values>>();
  for (const extras of all)
    for (const [format, members] of Object.entries(extras)) {
      const into = formats.get(format) ?? new Map<string, Values>();
      formats.set(format, into);
      for (const [name, value] of Object.entries(members ?? {})) addValue(into, name, value);
    }
  return Object.fromEntries(
    [...formats].map(([format, members]) => [format, Object.fromEntries([...members].map(joined))]),
  );
}

function addValue(members: Map<string, Values>, name: string, value: Json | undefined): void {
  const before = members.get(name);
  if (Array.isArray(before?.[0]) && Array.isArray(value)) before.push(value);
  else members.set(name, [value]);
}

const joined = ([name, values]: readonly [string, Values]): readonly [string, unknown] => [
  name,
  values.length === 1 ? values[0] : values.flat(),
];

function finished({ part, pieces, signature, extras: all }: Growing): Part {
  const text = pieces.join('');
  const extras = mergeExtras(all);
  const more = extras !== undefined && { extras };
  if (part.type === 'tool-call') return { ...part, argumentsJson: part.argumentsJson + text, ...more };
  if (part.type === 'reasoning')
    return { ...part, text: part.text + text, ...(signature !== undefined && { signature }), ...more };
  if (part.type === 'text' || part.type === 'refusal') return { ...part, text: part.text + text, ...more };
  return { ...part, ...more };
}

function whole(
  start: (StreamEvent & { type: 'response-start' }) | undefined,
  content: readonly Part[],
  finish: StreamEvent & { type: 'finish' },
): GenerationResponse {
  const usage = finish.usage ?? start?.usage;
  const extras = mergeExtras([start?.extras, finish.extras].filter((each) => each !== undefined));
  return {
    id: start?.id ?? '',
    model: start?.model ?? '',
    createdAtMs: start?.createdAtMs ?? 0,
    content,
    finish: finish.finish,
    ...(usage !== undefined && { usage }),
    ...(extras !== undefined && { extras }),
  };
}

/** The events of a whole answer: `collect(replay(response))` gives it back. */
export function replay(response: GenerationResponse): readonly StreamEvent[] {
  const { id, model, createdAtMs, content, finish, usage, extras } = response;
  return [
    { type: 'response-start', id, model, createdAtMs, ...(usage !== undefined && { usage }) },
    ...content.flatMap((part, index): readonly StreamEvent[] => [
      { type: 'part-start', index, part },
      { type: 'part-end', index },
    ]),
    { type: 'finish', finish, ...(usage !== undefined && { usage }), ...(extras !== undefined && { extras }) },
  ];
}
