import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4ProviderTool,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider';
import type { WireFormatId } from '../../model/extras.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../model/request.ts';
import type { Tool, ToolChoice } from '../../model/tool.ts';
import { booleanOf, compact, isObject, numberOf, objectOf, textOf } from '../../wire/read.ts';
import { decodePrompt, unsupported, type Reading } from './decode-prompt.ts';
import { breakpointOf, keptOf, OURS } from './kept.ts';

/**
 * Reads a call of the AI SDK as a request for `model`. Options under `providerOptions.patchbay` say what the AI SDK has
 * no word for: `reasoningEffort`, `reasoningBudgetTokens`, `parallelToolCalls`, `endUserId`, `extras` (members of a wire
 * format, under its name), `strictJsonSchema`. Options under another provider's name become a warning.
 */
export function decodeCall(
  model: string,
  options: LanguageModelV4CallOptions,
  reading: Reading,
): Omit<GenerationRequest, 'stream'> {
  const ours = objectOf(options.providerOptions?.[OURS]) ?? {};
  for (const name of Object.keys(options.providerOptions ?? {}))
    if (name !== OURS)
      reading.warnings.push(unsupported(`providerOptions.${name}`, `Say it under providerOptions.${OURS}.`));
  const { tools, toolChoice, responseFormat } = options;
  // Cast: members that are absent are left out.
  return compact({
    model,
    messages: decodePrompt(options.prompt, reading),
    tools: tools?.flatMap((tool) => decodeTool(tool, reading)),
    // The AI SDK says how tools are chosen even where there are none.
    toolChoice: tools && toolChoice && decodeToolChoice(toolChoice),
    parallelToolCalls: booleanOf(ours['parallelToolCalls']),
    maxOutputTokens: options.maxOutputTokens,
    temperature: options.temperature,
    topP: options.topP,
    topK: options.topK,
    presencePenalty: options.presencePenalty,
    frequencyPenalty: options.frequencyPenalty,
    seed: options.seed,
    stopSequences: options.stopSequences,
    outputFormat: responseFormat && decodeFormat(responseFormat, booleanOf(ours['strictJsonSchema'])),
    reasoning: decodeReasoning(options.reasoning, ours),
    endUserId: textOf(ours['endUserId']),
    extras: objectOf(ours['extras']),
    streamUsage: true,
  } as unknown as JsonObject) as unknown as Omit<GenerationRequest, 'stream'>;
}

function decodeTool(
  tool: LanguageModelV4FunctionTool | LanguageModelV4ProviderTool,
  reading: Reading,
): readonly Tool[] {
  if (tool.type === 'provider') return vendorTool(tool, reading);
  const { name, description, inputSchema, strict, providerOptions } = tool;
  const { extras } = keptOf(providerOptions);
  return [
    {
      type: 'function',
      name,
      // Cast: a JSON Schema is a JSON object.
      inputSchema: inputSchema as JsonObject,
      ...(description !== undefined && { description }),
      ...(strict !== undefined && { strict }),
      ...breakpointOf(providerOptions),
      ...(extras !== undefined && { extras }),
    },
  ];
}

/** How the tools that vendors run stand on their wires, by the vendor's name in the AI SDK. */
const VENDOR_TOOLS: Readonly<
  Record<string, { readonly format: WireFormatId; readonly wire: (kind: string, tool: VendorTool) => JsonObject }>
> = {
  openai: { format: 'openai-responses', wire: (kind, { args }) => ({ type: kind, ...snakeCased(args) }) },
  anthropic: {
    format: 'anthropic-messages',
    wire: (kind, { name, args }) => ({ type: kind, name, ...snakeCased(args) }),
  },
  google: { format: 'gemini', wire: (kind, { args }) => ({ [camelCased(kind)]: args }) },
};

interface VendorTool {
  readonly name: string;
  readonly args: JsonObject;
}

/** A tool that its vendor runs: only where the call goes to that vendor's own format; elsewhere it is a loss. */
function vendorTool({ id, name, args }: LanguageModelV4ProviderTool, reading: Reading): readonly Tool[] {
  const dot = id.indexOf('.');
  const vendor = id.slice(0, dot);
  const kind = id.slice(dot + 1);
  const known = Object.hasOwn(VENDOR_TOOLS, vendor) ? VENDOR_TOOLS[vendor] : undefined;
  if (known === undefined) {
    reading.warnings.push(unsupported(`tool ${id}`, `Known are tools of ${Object.keys(VENDOR_TOOLS).join(', ')}.`));
    return [];
  }
  // Cast: what a program gives as arguments of a tool is JSON.
  const value = known.wire(kind, { name, args: args as JsonObject });
  return [{ type: 'vendor', format: known.format, kind, value }];
}

const snakeCased = (object: JsonObject): JsonObject => renamed(object, snakeCase);
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camelCased = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function renamed(object: JsonObject, rename: (name: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]): readonly [string, Json | undefined] => [
      rename(name),
      isObject(value) ? renamed(value, rename) : value,
    ]),
  );
}

const decodeToolChoice = (choice: LanguageModelV4ToolChoice): ToolChoice =>
  choice.type === 'tool' ? { type: 'tool', name: choice.toolName } : choice;

function decodeFormat(
  format: LanguageModelV4CallOptions['responseFormat'] & {},
  strict: boolean | undefined,
): OutputFormat {
  if (format.type === 'text') return { type: 'text' };
  if (format.schema === undefined) return { type: 'json' };
  const { name, description } = format;
  return {
    type: 'json-schema',
    // Cast: a JSON Schema is a JSON object.
    schema: format.schema as JsonObject,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

function decodeReasoning(
  asked: LanguageModelV4CallOptions['reasoning'],
  ours: JsonObject,
): ReasoningSettings | undefined {
  const budgetTokens = numberOf(ours['reasoningBudgetTokens']);
  const named = asked === 'provider-default' || asked === 'none' ? undefined : asked;
  const effort = textOf(ours['reasoningEffort']) ?? named;
  if (asked === 'none' && effort === undefined) return { mode: 'disabled' };
  if (effort === undefined && budgetTokens === undefined) return undefined;
  return {
    ...(effort !== undefined && { effort }),
    ...(budgetTokens !== undefined && { mode: 'enabled', budgetTokens }),
  };
}
