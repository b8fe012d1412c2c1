import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

import { TEST_KEY } from './test-gateway.ts';

/** What `officialClients` asks. */
export const QUESTION = 'one two three';
const SCHEMA = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };

/** What a client made of an answer. */
export interface Said {
  readonly text: string;
  readonly calls: readonly string[];
}

/** Asks a model, with or without a tool, for a whole answer or a streamed one. */
export type Ask = (model: string, tools: boolean, stream: boolean) => Promise<Said>;

/** The official clients of the four dialects, at a gateway. */
export interface OfficialClients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  readonly google: GoogleGenAI;
}

/** Clients that send each request once. */
export const officialClients = (url: string): OfficialClients => ({
  openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: TEST_KEY, maxRetries: 0 }),
  anthropic: new Anthropic({ baseURL: url, apiKey: TEST_KEY, maxRetries: 0 }),
  google: new GoogleGenAI({ apiKey: TEST_KEY, httpOptions: { baseUrl: url } }),
});

/** What each official client makes of an answer, by its dialect. */
export const asksOf = ({ openai, anthropic, google }: OfficialClients): Readonly<Record<string, Ask>> => ({
  'openai-chat': async (model, tools, stream) => {
    const request = {
      model,
      messages: [{ role: 'user' as const, content: QUESTION }],
      ...(tools && { tools: [{ type: 'function' as const, function: { name: 'weather', parameters: SCHEMA } }] }),
    };
    const answer = stream
      ? await openai.chat.completions
          .stream({ ...request, stream_options: { include_usage: true } })
          .finalChatCompletion()
      : await openai.chat.completions.create(request);
    const message = answer.choices[0]?.message;
    const calls = (message?.tool_calls ?? []).flatMap((each) => (each.type === 'function' ? [each.function.name] : []));
    return { text: message?.content ?? '', calls };
  },
  'openai-responses': async (model, tools, stream) => {
    const request = {
      model,
      input: QUESTION,
      ...(tools && { tools: [{ type: 'function' as const, name: 'weather', parameters: SCHEMA, strict: false }] }),
    };
    const answer = stream
      ? await openai.responses.stream(request).finalResponse()
      : await openai.responses.create(request);
    const calls = answer.output.flatMap((item) => (item.type === 'function_call' ? [item.name] : []));
    return { text: answer.output_text, calls };
  },
  'anthropic-messages': async (model, tools, stream) => {
    const request = {
      model,
      max_tokens: 500,
      messages: [{ role: 'user' as const, content: QUESTION }],
      ...(tools && { tools: [{ name: 'weather', input_schema: SCHEMA }] }),
    };
    const answer = stream
      ? await anthropic.messages.stream(request).finalMessage()
      : await anthropic.messages.create(request);
    const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    return { text, calls: answer.content.flatMap((block) => (block.type === 'tool_use' ? [block.name] : [])) };
  },
  gemini: async (model, tools, stream) => {
    const request = {
      model,
      contents: QUESTION,
      ...(tools && {
        config: { tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: SCHEMA }] }] },
      }),
    };
    if (!stream) {
      const answer = await google.models.generateContent(request);
      return { text: answer.text ?? '', calls: (answer.functionCalls ?? []).map(({ name }) => name ?? '') };
    }
    const said = { text: '', calls: [] as string[] };
    for await (const chunk of await google.models.generateContentStream(request)) {
      said.text += chunk.text ?? '';
      said.calls.push(...(chunk.functionCalls ?? []).map(({ name }) => name ?? ''));
    }
    return said;
  },
});

/** The dialects that have an official client. */
export const DIALECTS = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const;
