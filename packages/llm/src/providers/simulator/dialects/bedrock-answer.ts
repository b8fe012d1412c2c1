import type { PartDelta, StreamEvent } from '../../../model/event.ts';
import type { FinishReason } from '../../../model/finish.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import type { Part } from '../../../model/part.ts';
import type { GenerationResponse } from '../../../model/response.ts';
import { NO_USAGE, type Usage } from '../../../model/usage.ts';
import { inputOf } from '../../../wire/anthropic-messages/encode-response.ts';
import type { Frame, StreamMachine } from '../../../wire/codec.ts';
import { amazonException } from './amazon-failure.ts';

/** Reasons that are not simply the end of a turn. */
const FINISH: Readonly<Partial<Record<FinishReason, string>>> = {
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  refusal: 'content_filtered',
  'content-filter': 'content_filtered',
};

const stopReasonOf = (reason: FinishReason): string => FINISH[reason] ?? 'end_turn';

/** Writes a whole answer of Converse. */
export const writeConverse = ({ content, finish, usage }: GenerationResponse): JsonObject => ({
  output: { message: { role: 'assistant', content: content.flatMap(blockOf) } },
  stopReason: stopReasonOf(finish.reason),
  usage: usageOf(usage),
  metrics: { latencyMs: 1 },
});

function blockOf(part: Part): readonly Json[] {
  if (part.type === 'text' || part.type === 'refusal') return [{ text: part.text }];
  if (part.type === 'tool-call')
    return [{ toolUse: { toolUseId: part.id, name: part.name, input: inputOf(part.argumentsJson, '', []) } }];
  if (part.type !== 'reasoning') return [];
  const signed = part.signature === undefined ? {} : { signature: part.signature };
  return [{ reasoningContent: { reasoningText: { text: part.text, ...signed } } }];
}

const usageOf = ({ inputTokens, outputTokens }: Usage = NO_USAGE): JsonObject => ({
  inputTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
});

/** What is open, by the index of its part, which is that of its block. */
type State = Map<number, Part['type']>;

/** Writes a stream of Converse, one frame an event. */
export const converseStream = (): StreamMachine<StreamEvent, Frame, State> => ({
  initial: () => new Map(),
  step: framesOf,
  end: () => [],
});

const frame = (event: string, body: JsonObject): Frame => ({ event, data: JSON.stringify(body) });

function framesOf(state: State, event: StreamEvent): readonly Frame[] {
  switch (event.type) {
    case 'response-start':
      return [frame('messageStart', { role: 'assistant' })];
    case 'part-start':
      state.set(event.index, event.part.type);
      return startOf(event.index, event.part);
    case 'part-delta': {
      const delta = deltaOf(event.delta, state.get(event.index));
      return delta === undefined ? [] : [frame('contentBlockDelta', { contentBlockIndex: event.index, delta })];
    }
    case 'part-end':
      return [frame('contentBlockStop', { contentBlockIndex: event.index })];
    case 'ping':
      return [];
    case 'finish':
      return [
        frame('messageStop', { stopReason: stopReasonOf(event.finish.reason) }),
        frame('metadata', { usage: usageOf(event.usage), metrics: { latencyMs: 1 } }),
      ];
    case 'failure':
      return [amazonException(event.failure)];
  }
}

/** Text and thoughts have no start: their first words open them. */
function startOf(contentBlockIndex: number, part: Part): readonly Frame[] {
  if (part.type !== 'tool-call') return [];
  return [
    frame('contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId: part.id, name: part.name } } }),
  ];
}

function deltaOf(delta: PartDelta, type: Part['type'] | undefined): JsonObject | undefined {
  switch (delta.type) {
    case 'text':
      return type === 'reasoning' ? { reasoningContent: { text: delta.text } } : { text: delta.text };
    case 'signature':
      return { reasoningContent: { signature: delta.signature } };
    case 'arguments':
      return { toolUse: { input: delta.json } };
    case 'extras':
      return undefined;
  }
}
