import type { ChatCompletionChunk } from '../kit/chat-stream.ts';
import type { ChatToolCall } from '../kit/chat-tool.ts';
import type { GeneratedAnswer } from './present.ts';
import type { GenerateRequest } from './read-generate.ts';

/** What an answer was asked by. */
export interface Heard {
  readonly request: GenerateRequest;
  /** Of the provider. */
  readonly name: string;
  /** What was asked where neither the request nor the answer says. */
  readonly model: string;
}

/** Puts a whole answer together. The last chunk counts like any other: some providers say something in it. */
export function startHearing() {
  let content = '';
  let reasoning = '';
  let last: ChatCompletionChunk | undefined;
  let model: string | undefined;
  let metadata: Readonly<Record<string, unknown>> = {};
  const calls = new Map<string | number, ChatToolCall>();
  return {
    hear(chunk: ChatCompletionChunk): void {
      content += chunk.content;
      reasoning += chunk.reasoning ?? '';
      model = chunk.model ?? model;
      metadata = { ...metadata, ...chunk.metadata };
      for (const choice of chunk.choices ?? [])
        for (const call of choice.delta?.toolCalls ?? choice.message?.toolCalls ?? []) addCall(calls, call);
      last = chunk;
    },
    answer({ request, name, model: usual }: Heard): GeneratedAnswer {
      const all = { ...request.options.metadata, ...metadata };
      const finishReason = last?.choices?.[0]?.finishReason;
      return {
        content,
        model: model ?? request.options.model ?? usual,
        provider: name,
        ...(reasoning !== '' && { reasoning }),
        ...(calls.size > 0 && { toolCalls: [...calls.values()] }),
        ...(finishReason !== undefined && { finishReason }),
        ...(last?.usage && { usage: last.usage }),
        ...(Object.keys(all).length > 0 && { metadata: all }),
      };
    },
  };
}

function addCall(calls: Map<string | number, ChatToolCall>, call: ChatToolCall): void {
  const key = call.index ?? call.id;
  const { index: _, ...begun } = calls.get(key) ?? call;
  const text = calls.has(key) ? begun.function.arguments + call.function.arguments : call.function.arguments;
  calls.set(key, { ...begun, function: { ...begun.function, arguments: text } });
}
