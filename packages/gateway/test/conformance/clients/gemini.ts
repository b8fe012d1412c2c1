import { ApiError, GoogleGenAI, type Content, type GenerateContentConfig, type Part } from '@google/genai';

import { joinChunks, spokenByGemini } from '../../../../llm/test/laws/gemini-spoken.ts';
import { MAX_TOKENS, type Said, type Settings } from '../scenario.ts';
import { heardOf, type ClientSide } from './client.ts';

/** `@google/genai`. */
export const geminiClient: ClientSide = {
  id: 'gemini',
  lacks: {},
  talk(gatewayUrl, key) {
    const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gatewayUrl } });
    const contents: Content[] = [];
    return {
      async say({ model, settings, said, stream, signal, onText }) {
        contents.push({ role: 'user', parts: written(said, contents.at(-1)) });
        const config = { ...configOf(settings), ...(signal && { abortSignal: signal }) };
        const request = { model, contents: [...contents], config };
        if (!stream) {
          const answer = await client.models.generateContent(request);
          const content = answer.candidates?.[0]?.content;
          if (content !== undefined) contents.push(content);
          return heardOf(spokenByGemini(JSON.parse(JSON.stringify(answer))));
        }
        const chunks: unknown[] = [];
        const parts: Part[] = [];
        for await (const chunk of await client.models.generateContentStream(request)) {
          chunks.push(JSON.parse(JSON.stringify(chunk)));
          const more = chunk.candidates?.[0]?.content?.parts ?? [];
          parts.push(...more);
          for (const { text } of more) if (text) onText?.(text);
        }
        contents.push({ role: 'model', parts: parts.reduce(joined, []) });
        return heardOf(spokenByGemini(joinChunks(chunks)));
      },
    };
  },
  refused: (error) =>
    error instanceof ApiError
      ? { status: error.status, message: error.message }
      : { status: undefined, message: String(error) },
};

/** Words in pieces make one part, as the client's own examples put them together; a signed piece stays as it came. */
function joined(before: Part[], part: Part): Part[] {
  const last = before.at(-1);
  const { text, thought, ...rest } = part;
  const bare = text !== undefined && Object.keys(rest).length === 0;
  if (bare && text === '') return before;
  if (!bare || last?.text === undefined || last.thoughtSignature !== undefined || last.thought !== thought)
    return [...before, part];
  return [...before.slice(0, -1), { ...last, text: last.text + text }];
}

const configOf = ({ system, tools, schema, stops, thinks }: Settings): GenerateContentConfig => ({
  maxOutputTokens: MAX_TOKENS,
  ...(system !== undefined && { systemInstruction: system }),
  ...(tools && {
    tools: [
      {
        functionDeclarations: tools.map(({ name, description, parameters }) => ({
          name,
          description,
          parametersJsonSchema: parameters,
        })),
      },
    ],
  }),
  ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
  ...(stops && { stopSequences: [...stops] }),
  ...(thinks && { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } }),
});

const png = (data: string): Part => ({ inlineData: { mimeType: 'image/png', data } });

function written({ text, picture, document, results }: Said, last: Content | undefined): Part[] {
  const calls = (last?.parts ?? []).flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall]));
  return [
    ...(results ?? []).map((result, at): Part => ({
      functionResponse: {
        ...(calls[at]?.id !== undefined && { id: calls[at].id }),
        name: calls[at]?.name ?? '',
        response: result.isError
          ? { error: result.text ?? '' }
          : result.text === undefined
            ? {}
            : { output: result.text },
        ...(result.picture !== undefined && { parts: [png(result.picture)] }),
      },
    })),
    ...(text === undefined ? [] : [{ text }]),
    ...(picture === undefined ? [] : [png(picture)]),
    ...(document === undefined ? [] : [{ inlineData: { mimeType: 'application/pdf', data: document } }]),
  ];
}
