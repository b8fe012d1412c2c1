import type { Message } from '../conversation.ts';
import { compact, presentOf, wordsOf, type Asked, type Source } from './asked.ts';

/** The body of a call in OpenAI's Responses dialect. */
export function responsesBody({ model, system, messages, parameters, tools }: Asked, source: Source): object {
  const { format, effort } = parameters;
  return compact({
    model,
    instructions: system.trim() === '' ? undefined : system,
    input: messages.flatMap((each) => itemsOf(each, source)),
    temperature: parameters.temperature,
    top_p: parameters.topP,
    max_output_tokens: parameters.maxTokens,
    reasoning: effort && { effort },
    text: format && { format: formatOf(format.schema) },
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: 'function', ...tool, strict: false })),
      ...compact({ tool_choice: parameters.toolChoice, parallel_tool_calls: parameters.parallelCalls }),
    }),
  });
}

const formatOf = (schema: object | undefined): object =>
  schema === undefined ? { type: 'json_object' } : { type: 'json_schema', name: 'answer', schema };

function itemsOf(message: Message, source: Source): readonly object[] {
  switch (message.role) {
    case 'tool':
      return [{ type: 'function_call_output', call_id: message.callId, output: message.result }];
    case 'user':
      return [{ role: 'user', content: contentOf(message, source) }];
    case 'assistant':
      return [
        ...(message.text === '' ? [] : [{ role: 'assistant', content: message.text }]),
        ...message.calls.map(({ id, name, argumentsJson }) => ({
          type: 'function_call',
          call_id: id,
          name,
          arguments: argumentsJson,
        })),
      ];
  }
}

function contentOf({ text, attachments }: Extract<Message, { role: 'user' }>, source: Source): unknown {
  const parts = presentOf(attachments).map((each): object => {
    if (each.kind === 'text') return { type: 'input_text', text: wordsOf(each) };
    const url = source(each, 'data-url');
    return each.kind === 'image'
      ? { type: 'input_image', image_url: url, detail: 'auto' }
      : { type: 'input_file', filename: each.name, file_data: url };
  });
  return parts.length === 0 ? text : [...parts, ...(text === '' ? [] : [{ type: 'input_text', text }])];
}
