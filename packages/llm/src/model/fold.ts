import type { PartDelta, StreamEvent } from './event.ts';
import { failed, ok, type Failure, type Result } from './failure.ts';
import type { Extras, WireFormatId } from './extras.ts';
import type { Json, JsonObject } from './json.ts';
import type { Part } from './part.ts';
import type { GenerationResponse } from './response.ts';

interface Growing {
  readonly part: Part;
  readonly pieces: string[];
  signature: string | undefined;
  extras: Extras | undefined;
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
      parts.set(event.index, { part: event.part, pieces: [], signature: undefined, extras: event.part.extras });
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
  else growing.extras = mergeExtras(growing.extras, delta.extras);
}

/** Lists grow, other members take the later value. */
function mergeExtras(into: Extras | undefined, more: Extras): Extras {
  const merged: Record<string, JsonObject> = { ...into };
  for (const format of Object.keys(more) as WireFormatId[]) {
    const members: Record<string, Json | undefined> = { ...merged[format] };
    for (const [name, value] of Object.entries(more[format] ?? {})) {
      const before = members[name];
      members[name] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    }
    merged[format] = members;
  }
  return merged;
}

function finished({ part, pieces, signature, extras }: Growing): Part {
  const text = pieces.join('');
  const more = { ...(signature !== undefined && { signature }), ...(extras !== undefined && { extras }) };
  if (part.type === 'tool-call')
    return { ...part, argumentsJson: part.argumentsJson + text, ...(extras !== undefined && { extras }) };
  if (part.type === 'reasoning') return { ...part, text: part.text + text, ...more };
  if (part.type === 'text' || part.type === 'refusal')
    return { ...part, text: part.text + text, ...(extras !== undefined && { extras }) };
  return part;
}

function whole(
  start: (StreamEvent & { type: 'response-start' }) | undefined,
  content: readonly Part[],
  finish: StreamEvent & { type: 'finish' },
): GenerationResponse {
  const usage = finish.usage ?? start?.usage;
  const extras = finish.extras === undefined ? start?.extras : mergeExtras(start?.extras, finish.extras);
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
