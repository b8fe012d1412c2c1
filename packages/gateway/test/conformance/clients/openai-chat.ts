import { spokenByChat } from '@patchbay/llm/testing/spoken';
import OpenAI from 'openai';

import { MAX_TOKENS, type Said, type Settings } from '../scenario.ts';
import { heardOf, listening, type ClientSide } from './client.ts';

type Message = OpenAI.ChatCompletionMessageParam;

/** `openai`'s Chat Completions. */
export const openAiChatClient: ClientSide = {
  id: 'openai-chat',
  lacks: {
    resultPicture: 'A tool message of Chat Completions holds text alone.',
    resultError: 'A tool message of Chat Completions has no mark of failure.',
  },
  talk(gatewayUrl, key, hear) {
    const client = new OpenAI({
      baseURL: `${gatewayUrl}/v1`,
      apiKey: key,
      maxRetries: 0,
      ...(hear && { fetch: listening(hear) }),
    });
    const messages: Message[] = [];
    return {
      async say({ model, settings, said, stream, signal, onText }) {
        if (messages.length === 0 && settings.system !== undefined)
          messages.push({ role: 'system', content: settings.system });
        messages.push(...written(said, messages));
        const body = { model, messages: [...messages], max_completion_tokens: MAX_TOKENS, ...settingsOf(settings) };
        const options = { ...(signal && { signal }) };
        if (!stream) {
          const answer = await client.chat.completions.create(body, options);
          const [choice] = answer.choices;
          if (choice !== undefined) messages.push(choice.message);
          return heardOf(spokenByChat(answer));
        }
        const running = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }, options);
        let reasoning = '';
        // The client's own joining keeps only the last piece of a member it does not know.
        running.on('chunk', ({ choices: [choice] }) => {
          reasoning += (choice?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? '';
        });
        running.on('content', (text) => onText?.(text));
        const answer = await running.finalChatCompletion();
        const [choice] = answer.choices;
        // Only what the dialect knows goes back.
        if (choice !== undefined) messages.push(returned(choice.message));
        return { ...heardOf(spokenByChat(answer)), thought: reasoning };
      },
    };
  },
  refused: (error) =>
    error instanceof OpenAI.APIError
      ? { status: error.status, message: error.message }
      : { status: undefined, message: String(error) },
};

function returned({ content, tool_calls: calls }: OpenAI.ChatCompletionMessage): Message {
  const made = calls?.flatMap((call) =>
    call.type === 'function'
      ? [{ id: call.id, type: call.type, function: { name: call.function.name, arguments: call.function.arguments } }]
      : [],
  );
  return { role: 'assistant', content, ...(made && made.length > 0 && { tool_calls: made }) };
}

function settingsOf({
  tools,
  schema,
  stops,
  thinks,
}: Settings): Omit<Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>, 'stream'> {
  return {
    ...(tools && {
      tools: tools.map((tool) => ({
        type: 'function' as const,
        function: { ...tool, parameters: { ...tool.parameters } },
      })),
    }),
    ...(schema && {
      response_format: {
        type: 'json_schema' as const,
        json_schema: { name: 'answer', strict: true, schema: { ...schema } },
      },
    }),
    ...(stops && { stop: [...stops] }),
    ...(thinks && { reasoning_effort: 'low' as const }),
  };
}

function written({ text, picture, document, results }: Said, before: readonly Message[]): readonly Message[] {
  const last = before.at(-1);
  const calls = last?.role === 'assistant' ? (last.tool_calls ?? []) : [];
  const said = (results ?? []).map((result, at): Message => ({
    role: 'tool',
    tool_call_id: calls[at]?.id ?? '',
    content: result.text ?? '',
  }));
  const parts: OpenAI.ChatCompletionContentPart[] = [
    ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
    ...(picture === undefined
      ? []
      : [{ type: 'image_url' as const, image_url: { url: `data:image/png;base64,${picture}` } }]),
    ...(document === undefined
      ? []
      : [
          {
            type: 'file' as const,
            file: { filename: 'paper.pdf', file_data: `data:application/pdf;base64,${document}` },
          },
        ]),
  ];
  if (parts.length === 0) return said;
  const content = parts.length === 1 && text !== undefined ? text : parts;
  return [...said, { role: 'user', content }];
}
