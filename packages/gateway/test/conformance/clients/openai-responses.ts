import { spokenByResponse } from '@patchbay/llm/testing/spoken-response';
import OpenAI from 'openai';

import { MAX_TOKENS, type Said, type Settings } from '../scenario.ts';
import { heardOf, listening, type ClientSide } from './client.ts';

type Item = OpenAI.Responses.ResponseInputItem;

/** `openai`'s Responses, with the whole conversation sent each time. */
export const openAiResponsesClient: ClientSide = {
  id: 'openai-responses',
  lacks: {
    stops: 'The Responses API has no stop sequences.',
    resultError: 'An output item of a call has no mark of failure.',
  },
  talk(gatewayUrl, key, hear) {
    const client = new OpenAI({
      baseURL: `${gatewayUrl}/v1`,
      apiKey: key,
      maxRetries: 0,
      ...(hear && { fetch: listening(hear) }),
    });
    const input: Item[] = [];
    return {
      async say({ model, settings, said, stream, signal, onText }) {
        input.push(...written(said, input));
        const body = {
          model,
          input: [...input],
          store: false,
          include: ['reasoning.encrypted_content' as const],
          max_output_tokens: MAX_TOKENS,
          ...settingsOf(settings),
        };
        const options = { ...(signal && { signal }) };
        if (!stream) {
          const answer = await client.responses.create(body, options);
          input.push(...(answer.output as Item[]));
          return heardOf(spokenByResponse(answer));
        }
        const running = client.responses.stream(body, options);
        running.on('response.output_text.delta', ({ delta }) => onText?.(delta));
        // The client adds its own reading of texts and arguments, which is not the server's to see.
        const items: Item[] = [];
        running.on('response.output_item.done', ({ item }) => void items.push(structuredClone(item) as Item));
        const answer = await running.finalResponse();
        // The client leaves it to its user to look.
        if (answer.error !== null && answer.error !== undefined) throw new Error(answer.error.message);
        input.push(...items);
        return heardOf(spokenByResponse(answer));
      },
    };
  },
  refused: (error) =>
    error instanceof OpenAI.APIError
      ? { status: error.status, message: error.message }
      : { status: undefined, message: String(error) },
};

function settingsOf({
  system,
  tools,
  schema,
  thinks,
}: Settings): Omit<Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>, 'stream'> {
  return {
    ...(system !== undefined && { instructions: system }),
    ...(tools && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        name,
        description,
        parameters: { ...parameters },
        strict: false,
      })),
    }),
    ...(schema && {
      text: { format: { type: 'json_schema' as const, name: 'answer', strict: true, schema: { ...schema } } },
    }),
    ...(thinks && { reasoning: { effort: 'low' as const, summary: 'auto' as const } }),
  };
}

function written({ text, picture, document, results }: Said, before: readonly Item[]): readonly Item[] {
  const answered = new Set(before.flatMap((item) => (item.type === 'function_call_output' ? [item.call_id] : [])));
  const open = before.flatMap((item) => (item.type === 'function_call' && !answered.has(item.call_id) ? [item] : []));
  const said = (results ?? []).map((result, at): Item => ({
    type: 'function_call_output',
    call_id: open[at]?.call_id ?? '',
    output:
      result.picture === undefined
        ? (result.text ?? '')
        : [
            ...(result.text === undefined ? [] : [{ type: 'input_text' as const, text: result.text }]),
            { type: 'input_image' as const, image_url: `data:image/png;base64,${result.picture}` },
          ],
  }));
  const parts: OpenAI.Responses.ResponseInputContent[] = [
    ...(text === undefined ? [] : [{ type: 'input_text' as const, text }]),
    ...(picture === undefined
      ? []
      : [{ type: 'input_image' as const, detail: 'auto' as const, image_url: `data:image/png;base64,${picture}` }]),
    ...(document === undefined
      ? []
      : [
          {
            type: 'input_file' as const,
            filename: 'paper.pdf',
            file_data: `data:application/pdf;base64,${document}`,
          },
        ]),
  ];
  return parts.length === 0 ? said : [...said, { type: 'message', role: 'user', content: parts }];
}
