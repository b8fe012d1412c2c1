import type { StreamEvent } from '../../../model/event.ts';
import type { Failure, FailureKind } from '../../../model/failure.ts';
import type { Finish } from '../../../model/finish.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { Part, ToolCallPart } from '../../../model/part.ts';
import type { GenerationResponse } from '../../../model/response.ts';
import { NO_USAGE, type Usage } from '../../../model/usage.ts';
import { inputOf } from '../../../wire/anthropic-messages/encode-response.ts';
import type { ClientCodec, Frame, StreamMachine } from '../../../wire/codec.ts';
import { decodeBody } from '../../../wire/refusal.ts';
import { readOllama } from './ollama-request.ts';

/** What has been said: the answer's names, and calls that are not whole yet, by their index. */
interface State {
  model: string;
  createdAtMs: number;
  readonly parts: Map<number, Part>;
}

/** Ollama's side of `/api/chat`. https://docs.ollama.com/api/chat */
export const ollamaServer: ClientCodec<State> = {
  id: 'ollama-chat',
  decodeRequest: (body) => decodeBody(body, readOllama),
  encodeResponse: (response) => ({ body: writeWhole(response), losses: [] }),
  encodeStream: () => ollamaStream(),
  encodeFailure: (failure) => ({ status: STATUSES[failure.kind] ?? 500, body: { error: sentenceOf(failure) } }),
};

const STATUSES: Readonly<Partial<Record<FailureKind, number>>> = {
  'invalid-request': 400,
  'context-overflow': 400,
  authentication: 401,
  permission: 403,
  'not-found': 404,
  'rate-limit': 429,
  'quota-exhausted': 429,
  overloaded: 503,
};

/** Ollama has sentences and no codes. */
const WORDS: Readonly<Partial<Record<FailureKind, string>>> = {
  'context-overflow': 'the input exceeds the context length',
  overloaded: 'server busy, please try again',
  'rate-limit': 'too many requests',
  'quota-exhausted': 'you have reached your usage limit',
};

const sentenceOf = ({ kind, message }: Failure): string => [WORDS[kind], message].filter(Boolean).join(': ');

const headOf = ({ model, createdAtMs }: Pick<State, 'model' | 'createdAtMs'>): JsonObject => ({
  model,
  created_at: new Date(createdAtMs).toISOString(),
});

const lastOf = ({ reason }: Finish, { inputTokens, outputTokens }: Usage = NO_USAGE): JsonObject => ({
  done: true,
  done_reason: reason === 'length' ? 'length' : 'stop',
  prompt_eval_count: inputTokens,
  eval_count: outputTokens,
});

function writeWhole(response: GenerationResponse): JsonObject {
  const { content, finish, usage } = response;
  const textsOf = (type: 'text' | 'reasoning'): string =>
    content.map((part) => (part.type === type ? part.text : '')).join('');
  const thinking = textsOf('reasoning');
  const calls = content.filter((part) => part.type === 'tool-call').map(callOf);
  const message: JsonObject = {
    role: 'assistant',
    content: textsOf('text'),
    ...(thinking !== '' && { thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return { ...headOf(response), message, ...lastOf(finish, usage) };
}

const callOf = ({ id, name, argumentsJson }: ToolCallPart): JsonObject => ({
  id,
  function: { name, arguments: inputOf(argumentsJson, '', []) },
});

const ollamaStream = (): StreamMachine<StreamEvent, Frame, State> => ({
  initial: () => ({ model: '', createdAtMs: 0, parts: new Map() }),
  step: (state, event) => linesOf(state, event).map((line) => ({ event: '', data: JSON.stringify(line) })),
  end: () => [],
});

/** Words come as they are said, calls when they are whole. */
function linesOf(state: State, event: StreamEvent): readonly JsonObject[] {
  switch (event.type) {
    case 'response-start':
      state.model = event.model;
      state.createdAtMs = event.createdAtMs;
      return [];
    case 'part-start':
      state.parts.set(event.index, event.part);
      return [];
    case 'part-delta': {
      const part = state.parts.get(event.index);
      if (part?.type === 'tool-call' && event.delta.type === 'arguments')
        state.parts.set(event.index, { ...part, argumentsJson: part.argumentsJson + event.delta.json });
      if (event.delta.type !== 'text') return [];
      return [
        lineOf(
          state,
          part?.type === 'reasoning' ? { content: '', thinking: event.delta.text } : { content: event.delta.text },
        ),
      ];
    }
    case 'part-end': {
      const part = state.parts.get(event.index);
      return part?.type === 'tool-call' ? [lineOf(state, { content: '', tool_calls: [callOf(part)] })] : [];
    }
    case 'ping':
      return [];
    case 'finish':
      return [{ ...headOf(state), message: { role: 'assistant', content: '' }, ...lastOf(event.finish, event.usage) }];
    case 'failure':
      return [{ error: sentenceOf(event.failure) }];
  }
}

const lineOf = (state: State, said: JsonObject): JsonObject => ({
  ...headOf(state),
  message: { role: 'assistant', ...said },
  done: false,
});
