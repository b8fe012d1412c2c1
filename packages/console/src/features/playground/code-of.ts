import { aiSdkOptions } from './dialects/ai-sdk.ts';
import { anthropicBody } from './dialects/anthropic.ts';
import { geminiBody, geminiOptions } from './dialects/gemini.ts';
import { chatBody } from './dialects/openai-chat.ts';
import { responsesBody } from './dialects/openai-responses.ts';
import { hasCall } from './program-text.ts';
import { unsaidIn } from './unsaid.ts';
import { curlOf, pythonOf, typescriptOf, type ToWrite, type Writer } from './write-program.ts';

/** Dialects that the same call can be written in. */
export const DIALECT_NAMES = ['openai-chat', 'openai-responses', 'anthropic', 'gemini', 'ai-sdk'] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

export type ProgramKind = 'curl' | 'typescript' | 'python';
/** What each is called. */
export const KIND_LABELS: Readonly<Record<ProgramKind, string>> = {
  curl: 'curl',
  typescript: 'TypeScript',
  python: 'Python',
};

/** What each dialect is called, and the languages there is a library of it for. */
export const DIALECTS: Readonly<
  Record<DialectName, { readonly label: string; readonly languages: readonly [ProgramKind, ...ProgramKind[]] }>
> = {
  'openai-chat': { label: 'OpenAI Chat', languages: ['curl', 'typescript', 'python'] },
  'openai-responses': { label: 'OpenAI Responses', languages: ['curl', 'typescript', 'python'] },
  anthropic: { label: 'Anthropic', languages: ['curl', 'typescript', 'python'] },
  gemini: { label: 'Gemini', languages: ['curl', 'typescript', 'python'] },
  'ai-sdk': { label: 'AI SDK', languages: ['typescript'] },
};

/**
 * The call as a program; its key is read from `PATCHBAY_API_KEY`, and attachments from files beside it: neither is ever
 * written. Comments name what was set and cannot be said. The AI SDK has no curl and no Python; its TypeScript stands in
 * for them.
 */
export function codeOf(dialect: DialectName, kind: ProgramKind, asked: ToWrite): string {
  const written = DIALECTS[dialect].languages.includes(kind) ? kind : 'typescript';
  const writer = WRITERS[dialect][written] ?? WRITERS[dialect].typescript;
  const comments = unsaidIn(dialect, asked.parameters).map(
    (each) => `${COMMENT_MARKS[written]} This dialect has no word for ${each}.`,
  );
  return [...comments, writer(asked)].join('\n');
}

const COMMENT_MARKS: Readonly<Record<ProgramKind, string>> = { curl: '#', typescript: '//', python: '#' };

type Writers = { readonly typescript: Writer } & Readonly<Partial<Record<ProgramKind, Writer>>>;

const BEARER = '"Authorization: Bearer $PATCHBAY_API_KEY"';
const TS_KEY = 'process.env.PATCHBAY_API_KEY';
const PY_KEY = 'os.environ["PATCHBAY_API_KEY"]';

const openai = {
  typescript: {
    imports: () => [`import OpenAI from 'openai';`],
    client: (origin: string) => [`const openai = new OpenAI({ baseURL: '${origin}/v1', apiKey: ${TS_KEY} });`],
  },
  python: {
    imports: () => ['from openai import OpenAI'],
    client: (origin: string) => [`client = OpenAI(base_url="${origin}/v1", api_key=${PY_KEY})`],
  },
} as const;

const AI_FUNCTIONS = ['Output.json', 'Output.object', 'jsonSchema', 'tool'] as const;

const WRITERS: Readonly<Record<DialectName, Writers>> = {
  'openai-chat': {
    curl: curlOf({ path: () => '/v1/chat/completions', headers: [BEARER], body: chatBody }),
    typescript: typescriptOf({
      ...openai.typescript,
      body: chatBody,
      call: (body) => [
        `const answer = await openai.chat.completions.create(${body});`,
        'console.dir(answer.choices[0]?.message, { depth: null });',
      ],
    }),
    python: pythonOf({
      ...openai.python,
      body: chatBody,
      call: (body) => [`answer = client.chat.completions.create(**${body})`, 'print(answer.choices[0].message)'],
    }),
  },
  'openai-responses': {
    curl: curlOf({ path: () => '/v1/responses', headers: [BEARER], body: responsesBody }),
    typescript: typescriptOf({
      ...openai.typescript,
      body: responsesBody,
      call: (body) => [
        `const answer = await openai.responses.create(${body});`,
        'console.dir(answer.output, { depth: null });',
      ],
    }),
    python: pythonOf({
      ...openai.python,
      body: responsesBody,
      call: (body) => [`answer = client.responses.create(**${body})`, 'print(answer.output)'],
    }),
  },
  anthropic: {
    curl: curlOf({
      path: () => '/v1/messages',
      headers: ['"x-api-key: $PATCHBAY_API_KEY"', `'anthropic-version: 2023-06-01'`],
      body: anthropicBody,
    }),
    typescript: typescriptOf({
      imports: () => [`import Anthropic from '@anthropic-ai/sdk';`],
      client: (origin) => [`const anthropic = new Anthropic({ baseURL: '${origin}', apiKey: ${TS_KEY} });`],
      body: anthropicBody,
      call: (body) => [
        `const answer = await anthropic.messages.create(${body});`,
        'console.dir(answer.content, { depth: null });',
      ],
    }),
    python: pythonOf({
      imports: () => ['from anthropic import Anthropic'],
      client: (origin) => [`client = Anthropic(base_url="${origin}", api_key=${PY_KEY})`],
      body: anthropicBody,
      call: (body) => [`answer = client.messages.create(**${body})`, 'print(answer.content)'],
    }),
  },
  gemini: {
    curl: curlOf({
      path: ({ model }) => `/v1beta/models/${encodeURIComponent(model).replaceAll("'", '%27')}:generateContent`,
      headers: ['"x-goog-api-key: $PATCHBAY_API_KEY"'],
      body: geminiBody,
    }),
    typescript: typescriptOf({
      imports: () => [`import { GoogleGenAI } from '@google/genai';`],
      client: (origin) => [
        `const gemini = new GoogleGenAI({`,
        `  apiKey: ${TS_KEY},`,
        `  httpOptions: { baseUrl: '${origin}' },`,
        '});',
      ],
      body: geminiOptions,
      call: (body) => [
        `const answer = await gemini.models.generateContent(${body});`,
        'console.dir(answer.candidates?.[0]?.content?.parts, { depth: null });',
      ],
    }),
    python: pythonOf({
      imports: () => ['from google import genai'],
      client: (origin) => [`client = genai.Client(api_key=${PY_KEY}, http_options={"base_url": "${origin}"})`],
      body: geminiOptions,
      call: (body) => [
        `answer = client.models.generate_content(**${body})`,
        'print(answer.candidates[0].content.parts)',
      ],
    }),
  },
  'ai-sdk': {
    typescript: typescriptOf({
      imports: (value) => {
        const used = AI_FUNCTIONS.filter((each) => hasCall(value, each)).map((each) => each.split('.')[0]);
        const names = [...new Set(['generateText', ...used])];
        return [`import { createOpenAI } from '@ai-sdk/openai';`, `import { ${names.join(', ')} } from 'ai';`];
      },
      client: (origin) => [`const patchbay = createOpenAI({ baseURL: '${origin}/v1', apiKey: ${TS_KEY} });`],
      body: aiSdkOptions,
      call: (options, { model }) => [
        'const answer = await generateText({',
        `  model: patchbay.chat(${JSON.stringify(model)}),`,
        `  ...${options.replaceAll('\n', '\n  ')},`,
        '});',
        'console.log(answer.text, answer.toolCalls);',
      ],
    }),
  },
};
