import type { LanguageModelV4StreamPart, SharedV4Warning } from '@ai-sdk/provider';
import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import { collect } from '../../model/fold.ts';
import type { Part } from '../../model/part.ts';
import type { StreamMachine } from '../../wire/codec.ts';
import { encodeFinish, encodePart, encodeUsage, metadataOf } from './encode-content.ts';

/** Parts that are open, with all that was heard of each. */
export interface Heard {
  readonly open: Map<number, StreamEvent[]>;
  readonly kinds: Map<number, Part['type']>;
}

/** What a stream begins with, and how it tells of a failure. */
export interface Telling {
  /** Taken when the stream begins. */
  readonly warnings: readonly SharedV4Warning[];
  readonly errorOf: (failure: Failure) => unknown;
}

type Out = readonly LanguageModelV4StreamPart[];

const NONE: Out = [];

/** Writes canonical events as the AI SDK's parts of a stream. */
export function encodeStream(telling: Telling): StreamMachine<StreamEvent, LanguageModelV4StreamPart, Heard> {
  return {
    initial: () => ({ open: new Map(), kinds: new Map() }),
    step: (heard, event) => step(heard, event, telling),
    end: () => NONE,
  };
}

function step(heard: Heard, event: StreamEvent, { warnings, errorOf }: Telling): Out {
  switch (event.type) {
    case 'response-start': {
      const timestamp = new Date(event.createdAtMs);
      return [
        { type: 'stream-start', warnings: [...warnings] },
        { type: 'response-metadata', id: event.id, modelId: event.model, timestamp },
      ];
    }
    case 'part-start':
      heard.open.set(event.index, [event]);
      heard.kinds.set(event.index, event.part.type);
      return onStart(event.part, idOf(event.index));
    case 'part-delta':
      heard.open.get(event.index)?.push(event);
      return onDelta(event.delta, heard.kinds.get(event.index), idOf(event.index), heard.open.get(event.index));
    case 'part-end':
      return onEnd(heard, event.index);
    case 'ping':
      return [{ type: 'ping' }];
    case 'finish':
      return [{ type: 'finish', finishReason: encodeFinish(event.finish), usage: encodeUsage(event.usage) }];
    case 'failure':
      return [
        { type: 'error', error: errorOf(event.failure) },
        { type: 'finish', finishReason: { unified: 'error', raw: event.failure.kind }, usage: encodeUsage(undefined) },
      ];
  }
}

const idOf = (index: number): string => String(index);

/** A part may start with what is known of it, whole answers that are played back with all of it. */
function onStart(part: Part, id: string): Out {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ type: 'text-start', id }, ...(part.text === '' ? NONE : [textDelta(id, part.text)])];
    case 'reasoning':
      return [{ type: 'reasoning-start', id }, ...(part.text === '' ? NONE : [reasoningDelta(id, part.text)])];
    case 'tool-call':
      return [
        { type: 'tool-input-start', id: part.id, toolName: part.name },
        ...(part.argumentsJson === '' ? NONE : [inputDelta(part.id, part.argumentsJson)]),
      ];
    default:
      return NONE;
  }
}

const textDelta = (id: string, delta: string): LanguageModelV4StreamPart => ({ type: 'text-delta', id, delta });
const reasoningDelta = (id: string, delta: string): LanguageModelV4StreamPart => ({
  type: 'reasoning-delta',
  id,
  delta,
});
const inputDelta = (id: string, delta: string): LanguageModelV4StreamPart => ({ type: 'tool-input-delta', id, delta });

function onDelta(
  delta: PartDelta,
  kind: Part['type'] | undefined,
  id: string,
  events: readonly StreamEvent[] | undefined,
): Out {
  if (delta.type === 'text') return [kind === 'reasoning' ? reasoningDelta(id, delta.text) : textDelta(id, delta.text)];
  if (delta.type !== 'arguments') return NONE;
  const start = events?.[0];
  return start?.type === 'part-start' && start.part.type === 'tool-call'
    ? [inputDelta(start.part.id, delta.json)]
    : NONE;
}

function onEnd(heard: Heard, index: number): Out {
  const events = heard.open.get(index) ?? [];
  heard.open.delete(index);
  heard.kinds.delete(index);
  const part = partOf(events);
  if (part === undefined) return NONE;
  const id = idOf(index);
  const whole = encodePart(part, id);
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ type: 'text-end', id, ...metadataOf(part) }, ...whole.filter(isSource)];
    case 'reasoning':
      return [{ type: 'reasoning-end', id, ...metadataOf(part) }];
    case 'tool-call':
      return [{ type: 'tool-input-end', id: part.id }, ...whole.filter(standsAlone)];
    default:
      return whole.filter(standsAlone);
  }
}

type Content = ReturnType<typeof encodePart>[number];

const isSource = (content: Content): content is Content & { type: 'source' } => content.type === 'source';
/** Text and reasoning come in deltas only. */
const standsAlone = (content: Content): content is Exclude<Content, { type: 'text' | 'reasoning' }> =>
  content.type !== 'text' && content.type !== 'reasoning';

/** The whole part that its events make. */
function partOf(events: readonly StreamEvent[]): Part | undefined {
  const whole = collect([...events, { type: 'finish', finish: { reason: 'stop' } }]);
  return whole.ok ? whole.value.content[0] : undefined;
}
