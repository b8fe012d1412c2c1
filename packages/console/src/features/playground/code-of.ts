import { chatBody, NUMBERS, numberOf, type Message, type Settings } from './conversation.ts';

/** Ways to write the same call in a program. */
export const LANGUAGES = ['curl', 'openai-ts', 'openai-py', 'anthropic', 'gemini', 'ai-sdk'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each way is called. */
export const LANGUAGE_LABELS: Readonly<Record<Language, string>> = {
  curl: 'curl',
  'openai-ts': 'OpenAI (TypeScript)',
  'openai-py': 'OpenAI (Python)',
  anthropic: 'Anthropic',
  gemini: 'Gemini',
  'ai-sdk': 'AI SDK',
};

/** What is to be written as a program. */
export interface Asked {
  /** Address of this gateway. */
  readonly origin: string;
  readonly model: string;
  readonly messages: readonly Message[];
  readonly settings: Settings;
}

/** Anthropic wants a limit with every call. */
const MAX_TOKENS = 1024;

/** The call as a program; its key is read from `PATCHBAY_API_KEY`, and never written. */
export const codeOf = (language: Language, asked: Asked): string => WRITERS[language](asked);

const WRITERS: Readonly<Record<Language, (asked: Asked) => string>> = {
  curl: (asked) =>
    [
      `curl ${asked.origin}/v1/chat/completions \\`,
      `  -H "Authorization: Bearer $PATCHBAY_API_KEY" \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -d '${chatOf(asked).replaceAll("'", String.raw`'\''`)}'`,
    ].join('\n'),
  'openai-ts': (asked) =>
    [
      `import OpenAI from 'openai';`,
      '',
      `const openai = new OpenAI({ baseURL: '${asked.origin}/v1', apiKey: process.env.PATCHBAY_API_KEY });`,
      `const answer = await openai.chat.completions.create(${chatOf(asked)});`,
      'console.log(answer.choices[0]?.message.content);',
    ].join('\n'),
  'openai-py': (asked) =>
    [
      'import os',
      'from openai import OpenAI',
      '',
      `client = OpenAI(base_url="${asked.origin}/v1", api_key=os.environ["PATCHBAY_API_KEY"])`,
      // Texts, numbers, lists and objects alone: all of them are written in Python as in JSON.
      `answer = client.chat.completions.create(**${chatOf(asked)})`,
      'print(answer.choices[0].message.content)',
    ].join('\n'),
  anthropic: (asked) =>
    [
      `import Anthropic from '@anthropic-ai/sdk';`,
      '',
      `const anthropic = new Anthropic({ baseURL: '${asked.origin}', apiKey: process.env.PATCHBAY_API_KEY });`,
      `const answer = await anthropic.messages.create(${pretty(anthropicBody(asked))});`,
      'console.log(answer.content);',
    ].join('\n'),
  gemini: (asked) =>
    [
      `import { GoogleGenAI } from '@google/genai';`,
      '',
      `const gemini = new GoogleGenAI({`,
      '  apiKey: process.env.PATCHBAY_API_KEY,',
      `  httpOptions: { baseUrl: '${asked.origin}' },`,
      '});',
      `const answer = await gemini.models.generateContent(${pretty(geminiBody(asked))});`,
      'console.log(answer.text);',
    ].join('\n'),
  'ai-sdk': (asked) =>
    [
      `import { createOpenAICompatible } from '@ai-sdk/openai-compatible';`,
      `import { generateText } from 'ai';`,
      '',
      'const patchbay = createOpenAICompatible({',
      `  name: 'patchbay',`,
      `  baseURL: '${asked.origin}/v1',`,
      '  apiKey: process.env.PATCHBAY_API_KEY,',
      '});',
      'const { text } = await generateText({',
      `  model: patchbay(${JSON.stringify(asked.model)}),`,
      `  ...${pretty(aiSdkOptions(asked)).replaceAll('\n', '\n  ')},`,
      '});',
      'console.log(text);',
    ].join('\n'),
};

const pretty = (value: object): string => JSON.stringify(value, null, 2);
const chatOf = ({ model, messages, settings }: Asked): string => pretty(chatBody(model, messages, settings));
const numbersOf = (settings: Settings) => NUMBERS.map((name) => numberOf(settings[name]));

function anthropicBody({ model, messages, settings }: Asked): object {
  const [temperature, top_p, maxTokens = MAX_TOKENS] = numbersOf(settings);
  return {
    model,
    max_tokens: maxTokens,
    ...(settings.system.trim() !== '' && { system: settings.system }),
    messages,
    ...(temperature !== undefined && { temperature }),
    ...(top_p !== undefined && { top_p }),
    ...(settings.effort !== '' && { output_config: { effort: settings.effort } }),
  };
}

function geminiBody({ model, messages, settings }: Asked): object {
  const [temperature, topP, maxOutputTokens] = numbersOf(settings);
  const config = {
    ...(settings.system.trim() !== '' && { systemInstruction: settings.system }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(settings.effort !== '' && { thinkingConfig: { thinkingLevel: settings.effort } }),
  };
  return {
    model,
    contents: messages.map(({ role, content }) => ({
      role: role === 'user' ? 'user' : 'model',
      parts: [{ text: content }],
    })),
    ...(Object.keys(config).length > 0 && { config }),
  };
}

function aiSdkOptions({ messages, settings }: Asked): object {
  const [temperature, topP, maxOutputTokens] = numbersOf(settings);
  return {
    ...(settings.system.trim() !== '' && { system: settings.system }),
    messages,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(settings.effort !== '' && { providerOptions: { patchbay: { reasoningEffort: settings.effort } } }),
  };
}
