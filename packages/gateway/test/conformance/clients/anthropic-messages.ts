import Anthropic from '@anthropic-ai/sdk';
import { spokenByMessage } from '@patchbay/llm/testing/spoken';

import { MAX_TOKENS, type Said, type Settings } from '../scenario.ts';
import { heardOf, type ClientSide } from './client.ts';

type Block = Anthropic.ContentBlockParam;

const THINKING_TOKENS = 2048;

/** `@anthropic-ai/sdk`'s Messages. */
export const anthropicClient: ClientSide = {
  id: 'anthropic-messages',
  lacks: {},
  talk(gatewayUrl, key) {
    const client = new Anthropic({ baseURL: gatewayUrl, apiKey: key, maxRetries: 0 });
    const messages: Anthropic.MessageParam[] = [];
    return {
      async say({ model, settings, said, stream, signal, onText }) {
        messages.push({ role: 'user', content: written(said, messages.at(-1)) });
        const body = { model, messages: [...messages], max_tokens: MAX_TOKENS, ...settingsOf(settings) };
        const options = { ...(signal && { signal }) };
        const running = stream ? client.messages.stream(body, options) : undefined;
        running?.on('text', (text) => onText?.(text));
        const answer = await (running?.finalMessage() ?? client.messages.create(body, options));
        messages.push({ role: 'assistant', content: answer.content as Block[] });
        return heardOf(spokenByMessage(answer));
      },
    };
  },
  refused: (error) =>
    error instanceof Anthropic.APIError
      ? { status: error.status, message: error.message }
      : { status: undefined, message: String(error) },
};

function settingsOf(settings: Settings): Partial<Anthropic.MessageCreateParamsNonStreaming> {
  const { system, tools, schema, stops, thinks } = settings;
  return {
    ...(system !== undefined && { system }),
    ...(tools && {
      tools: tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: { ...parameters, type: 'object' as const },
      })),
    }),
    ...(schema && { output_config: { format: { type: 'json_schema' as const, schema: { ...schema } } } }),
    ...(stops && { stop_sequences: [...stops] }),
    ...(thinks && { thinking: { type: 'enabled' as const, budget_tokens: THINKING_TOKENS } }),
  };
}

const png = (data: string): Anthropic.ImageBlockParam => ({
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data },
});

function written({ text, picture, document, results }: Said, last: Anthropic.MessageParam | undefined): Block[] {
  const blocks = last === undefined || typeof last.content === 'string' ? [] : last.content;
  const calls = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  return [
    ...(results ?? []).map((result, at): Block => ({
      type: 'tool_result',
      tool_use_id: calls[at] ?? '',
      ...(result.isError && { is_error: true }),
      content:
        result.picture === undefined
          ? (result.text ?? '')
          : [...(result.text === undefined ? [] : [{ type: 'text' as const, text: result.text }]), png(result.picture)],
    })),
    ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
    ...(picture === undefined ? [] : [png(picture)]),
    ...(document === undefined
      ? []
      : [
          {
            type: 'document' as const,
            source: { type: 'base64' as const, media_type: 'application/pdf' as const, data: document },
          },
        ]),
  ];
}
