import type { Message } from '../conversation.ts';
import { compact, presentOf, wordsOf, type Asked, type Source } from './asked.ts';

/** The body of a call in OpenAI's chat dialect. */
export function chatBody({ model, system, messages, parameters, tools }: Asked, source: Source): object {
  const { format } = parameters;
  return compact({
    model,
    messages: [
      ...(system.trim() === '' ? [] : [{ role: 'system', content: system }]),
      ...messages.map((each) => messageOf(each, source)),
    ],
    temperature: parameters.temperature,
    top_p: parameters.topP,
    max_completion_tokens: parameters.maxTokens,
    stop: parameters.stop,
    seed: parameters.seed,
    frequency_penalty: parameters.frequencyPenalty,
    presence_penalty: parameters.presencePenalty,
    reasoning_effort: parameters.effort,
    response_format: format && formatOf(format.schema),
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: 'function', function: tool })),
      ...compact({ tool_choice: parameters.toolChoice, parallel_tool_calls: parameters.parallelCalls }),
    }),
  });
}

const formatOf = (schema: object | undefined): object =>
  schema === undefined ? { type: 'json_object' } : { type: 'json_schema', json_schema: { name: 'answer', schema } };

function messageOf(message: Message, source: Source): object {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.result };
  if (message.role === 'user') return { role: 'user', content: contentOf(message, source) };
  const { text, calls } = message;
  if (calls.length === 0) return { role: 'assistant', content: text };
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    tool_calls: calls.map(({ id, name, argumentsJson }) => ({
      id,
      type: 'function',
      function: { name, arguments: argumentsJson },
    })),
  };
}

function contentOf({ text, attachments }: Extract<Message, { role: 'user' }>, source: Source): unknown {
  const parts = presentOf(attachments).map((each): object => {
    if (each.kind === 'text') return { type: 'text', text: wordsOf(each) };
    const url = source(each, 'data-url');
    return each.kind === 'image'
      ? { type: 'image_url', image_url: { url } }
      : { type: 'file', file: { filename: each.name, file_data: url } };
  });
  return parts.length === 0 ? text : [...parts, ...(text === '' ? [] : [{ type: 'text', text }])];
}
