import { assertNever } from '../model/assert-never.ts';
import type { PartDelta, StreamEvent } from '../model/event.ts';
import type { Failure } from '../model/failure.ts';
import type { Finish, FinishReason } from '../model/finish.ts';
import type { MediaPart, Part } from '../model/part.ts';
import type { GenerationResponse } from '../model/response.ts';
import type { Usage } from '../model/usage.ts';
import type { ContentPart } from './chat-message.ts';
import type { ChatChoice, ChatCompletionChunk, ChatUsage } from './chat-stream.ts';
import type { ChatToolCall } from './chat-tool.ts';

/** Usage under its documented names. */
export const chatUsageOf = ({ inputTokens, outputTokens }: Usage): ChatUsage => ({
  promptTokens: inputTokens,
  completionTokens: outputTokens,
  totalTokens: inputTokens + outputTokens,
});

const FINISHES: Readonly<Partial<Record<FinishReason, string>>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  refusal: 'content_filter',
  'content-filter': 'content_filter',
};

const finishReasonOf = ({ reason, raw }: Finish): string => FINISHES[reason] ?? raw ?? reason;

type Names = Pick<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>;

const namesOf = ({ id, model, createdAtMs }: Pick<GenerationResponse, 'id' | 'model' | 'createdAtMs'>): Names => ({
  id,
  object: 'chat.completion.chunk',
  created: Math.floor(createdAtMs / 1000),
  model,
});

/** A whole answer as a stream: all of it, if there is anything, then its end. */
export function* chunksOfAnswer(answer: GenerationResponse): Generator<ChatCompletionChunk> {
  const names = namesOf(answer);
  if (answer.content.length > 0) yield { ...names, ...wholeOf(answer.content), done: false };
  yield lastChunk(names, answer);
}

function wholeOf(
  parts: readonly Part[],
): Pick<ChatCompletionChunk, 'content' | 'reasoning' | 'reasoningContent' | 'choices'> {
  const content = parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
  const reasoning = parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  const toolCalls = parts.filter((part) => part.type === 'tool-call').map(callOf);
  const media = parts.filter((part) => part.type === 'media').map(shownMedia);
  const message = {
    role: 'assistant',
    content,
    ...(reasoning !== '' && { reasoning }),
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(media.length > 0 && {
      parts: [...(content === '' ? [] : [{ type: 'text', text: content } as const]), ...media],
    }),
  } as const;
  return { content, ...thought(reasoning), choices: [{ index: 0, message }] };
}

const thought = (reasoning: string) => (reasoning === '' ? {} : { reasoning, reasoningContent: reasoning });

function lastChunk(
  names: Names,
  { finish, usage }: { readonly finish: Finish; readonly usage?: Usage },
): ChatCompletionChunk {
  const choice: ChatChoice = { index: 0, finishReason: finishReasonOf(finish) };
  return { ...names, choices: [choice], content: '', done: true, ...(usage && { usage: chatUsageOf(usage) }) };
}

/** The chunks of a stream. Events that say nothing make none; what a failure becomes is thrown. */
export async function* chunksOfEvents(
  events: AsyncIterable<StreamEvent>,
  errorOf: (failure: Failure) => Error,
): AsyncGenerator<ChatCompletionChunk> {
  const voice: Voice = { names: {}, places: new Map() };
  for await (const event of events) {
    if (event.type === 'failure') throw errorOf(event.failure);
    const chunk = chunkOf(voice, event);
    if (chunk !== undefined) yield chunk;
  }
}

/** What chunks need to know of events before them. */
interface Voice {
  names: Names;
  /** Place among the calls by the index of the part. */
  readonly places: Map<number, { readonly place: number; readonly id: string; readonly name: string }>;
}

function chunkOf(voice: Voice, event: Exclude<StreamEvent, { type: 'failure' }>): ChatCompletionChunk | undefined {
  switch (event.type) {
    case 'response-start':
      voice.names = namesOf(event);
      return undefined;
    case 'part-start':
      return onPart(voice, event.index, event.part);
    case 'part-delta':
      return onDelta(voice, event.index, event.delta);
    case 'part-end':
    case 'ping':
      return undefined;
    case 'finish':
      return lastChunk(voice.names, event);
    default:
      return assertNever(event);
  }
}

const THINKS = -1;

function onPart(voice: Voice, index: number, part: Part): ChatCompletionChunk | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return spoken(voice, part.text);
    case 'reasoning':
      voice.places.set(index, { place: THINKS, id: '', name: '' });
      return pondered(voice, part.text);
    case 'tool-call': {
      const place = [...voice.places.values()].filter((each) => each.place !== THINKS).length;
      voice.places.set(index, { place, id: part.id, name: part.name });
      return called(voice, { ...callOf(part), index: place });
    }
    case 'media':
      return { ...voice.names, content: '', done: false, choices: [pictured(part)] };
    case 'tool-result':
    case 'vendor':
      // Blocks that one vendor alone has stand in no documented shape; the canonical stream of the client has them.
      return undefined;
    default:
      return assertNever(part);
  }
}

function onDelta(voice: Voice, index: number, delta: PartDelta): ChatCompletionChunk | undefined {
  const place = voice.places.get(index);
  if (delta.type === 'text') return place?.place === THINKS ? pondered(voice, delta.text) : spoken(voice, delta.text);
  if (delta.type !== 'arguments' || place === undefined || delta.json === '') return undefined;
  const call = { id: place.id, type: 'function', function: { name: '', arguments: delta.json } } as const;
  return called(voice, { ...call, index: place.place });
}

const spoken = ({ names }: Voice, content: string): ChatCompletionChunk | undefined =>
  content === '' ? undefined : { ...names, content, done: false, choices: [{ index: 0, delta: { content } }] };

const pondered = ({ names }: Voice, text: string): ChatCompletionChunk | undefined =>
  text === ''
    ? undefined
    : { ...names, content: '', ...thought(text), done: false, choices: [{ index: 0, delta: { reasoning: text } }] };

const called = ({ names }: Voice, call: ChatToolCall): ChatCompletionChunk => ({
  ...names,
  content: '',
  done: false,
  choices: [{ index: 0, delta: { toolCalls: [call] } }],
});

const pictured = (part: MediaPart): ChatChoice => ({
  index: 0,
  message: { role: 'assistant', parts: [shownMedia(part)] },
});

const callOf = ({ id, name, argumentsJson }: Part & { readonly type: 'tool-call' }): ChatToolCall => ({
  id,
  type: 'function',
  function: { name, arguments: argumentsJson },
});

function shownMedia({ mediaType, source }: MediaPart): ContentPart {
  const [kind] = mediaType.split('/');
  const type = kind === 'image' || kind === 'audio' ? kind : 'document';
  if (source.kind === 'base64') return { type, source: { type: 'base64', mediaType, data: source.data } };
  if (source.kind === 'url') return { type, source: { type: 'url', mediaType, url: source.url } };
  const text = source.kind === 'text' ? source.text : source.fileId;
  return { type, text, source: { type: 'base64', mediaType } };
}
