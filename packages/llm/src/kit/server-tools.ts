import type { Client } from '../client/client-of.ts';
import type { CallOptions } from '../client/call-options.ts';
import type { WireFormatId } from '../model/extras.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Part } from '../model/part.ts';
import type { VendorTool } from '../model/tool.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { speechFor } from '../providers/speech-for.ts';
import type { ChatUsage } from './chat-stream.ts';

/** What a tool of a provider is asked: what the model is to do with it, and the tool's own settings beside that. */
export type ServerToolParams = JsonObject & { readonly input?: string };

/** What a tool came to that the provider ran itself. */
export interface ServerToolResult {
  /** What the model says of it. */
  readonly content: string;
  /** The tool's calls and results as the vendor tells them, whatever their shape. */
  readonly results: readonly Json[];
  readonly usage?: ChatUsage;
}

/** Tools that vendors run themselves, by format and by the name that programs ask for them by, as requests offer them. */
const SERVER_TOOLS: Readonly<Partial<Record<WireFormatId, Readonly<Record<string, JsonObject>>>>> = {
  'openai-responses': {
    web_search: { type: 'web_search' },
    code_interpreter: { type: 'code_interpreter', container: { type: 'auto' } },
    file_search: { type: 'file_search' },
    image_generation: { type: 'image_generation' },
  },
  'anthropic-messages': {
    web_search: { type: 'web_search_20250305', name: 'web_search' },
    web_fetch: { type: 'web_fetch_20250910', name: 'web_fetch' },
    code_execution: { type: 'code_execution_20250825', name: 'code_execution' },
  },
  gemini: {
    google_search: { googleSearch: {} },
    code_execution: { codeExecution: {} },
    url_context: { urlContext: {} },
  },
};

/** Formats that a provider can be asked in for a model. */
const formatsOf = (record: Pick<ProviderRecord, 'speaks'>, model: string): readonly WireFormatId[] =>
  record.speaks.map(({ format }) => format).filter((each) => speechFor(record, model, each)?.format === each);

/** Names of the tools that a provider runs itself for a model, as far as they are known. */
export const serverToolsOf = (record: Pick<ProviderRecord, 'speaks'>, model: string): readonly string[] => [
  ...new Set(formatsOf(record, model).flatMap((format) => Object.keys(SERVER_TOOLS[format] ?? {}))),
];

/** A tool as a request offers it, in the first format of the provider that knows it. */
export function serverToolOf(
  record: Pick<ProviderRecord, 'speaks'>,
  { name, model, settings }: { readonly name: string; readonly model: string; readonly settings: JsonObject },
): VendorTool | undefined {
  for (const format of formatsOf(record, model)) {
    const known = SERVER_TOOLS[format]?.[name];
    if (known === undefined) continue;
    const value = format === 'gemini' ? mapValues(known, settings) : { ...known, ...settings };
    return { type: 'vendor', format, kind: kindOf(known), value };
  }
  return undefined;
}

/** Gemini's tools are members with their settings as values. */
const mapValues = (known: JsonObject, settings: JsonObject): JsonObject =>
  Object.fromEntries(Object.keys(known).map((name) => [name, settings]));

const kindOf = (known: JsonObject): string =>
  typeof known['type'] === 'string' ? known['type'] : (Object.keys(known)[0] ?? '');

/** What a tool is asked. */
export interface ServerToolAsk {
  readonly tool: VendorTool;
  /** The model that has it run, as `provider/model`. */
  readonly model: string;
  readonly input: string;
}

/** Has the provider run a tool on an input, and tells what came of it. Throws `LlmError`. */
export async function askServerTool(
  client: Client,
  { tool, model, input }: ServerToolAsk,
  options: CallOptions,
): Promise<ServerToolResult> {
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: input }] }];
  const request = { model, messages, tools: [tool], stream: false, streamUsage: false };
  const { content, usage } = await client.generate(request, { ...options, format: tool.format });
  const { inputTokens: promptTokens = 0, outputTokens: completionTokens = 0 } = usage ?? {};
  return {
    content: content.map(textIn).join(''),
    results: content.flatMap((part) => (part.type === 'vendor' ? [part.value] : [])),
    ...(usage && { usage: { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens } }),
  };
}

const textIn = (part: Part): string => (part.type === 'text' ? part.text : '');
