import { failed, invalidRequest, ok, type Failure, type Result } from '../model/failure.ts';
import type { JsonObject } from '../model/json.ts';
import type { Message } from '../model/message.ts';
import type { Part } from '../model/part.ts';
import type { GenerationRequest, ReasoningSettings } from '../model/request.ts';
import type { Tool, ToolChoice } from '../model/tool.ts';

/** A turn of a conversation in short: text stands for a list of one text part. */
export type AskMessage =
  | Message
  | { readonly role: 'system' | 'developer' | 'user' | 'assistant'; readonly content: string | readonly Part[] }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string; readonly isError?: boolean };

/** A function the model may call, where its name stands beside it. */
export interface NamedByKey {
  readonly description?: string;
  /** JSON Schema. Default: no arguments. */
  readonly inputSchema?: JsonObject;
  readonly strict?: boolean;
}

/**
 * What is asked of a model, in short or in full: every `GenerationRequest` is one. The conversation is `system`, then
 * `messages`, then `prompt`; one of the last two must be there.
 */
export type Ask = Omit<
  Partial<GenerationRequest>,
  'model' | 'messages' | 'tools' | 'toolChoice' | 'reasoning' | 'stream' | 'streamUsage'
> & {
  /** `provider/model`, or a bare name that tells its provider. A list: the others in order when the first one fails. */
  readonly model: string | readonly string[];
  /** What the user says now. */
  readonly prompt?: string | readonly Part[];
  /** Instructions that come before everything else. */
  readonly system?: string;
  readonly messages?: readonly AskMessage[];
  /** A list, or an object whose keys are the names. Typed tools of `tool()` fit as well. */
  readonly tools?: readonly Tool[] | Readonly<Record<string, NamedByKey>>;
  readonly toolChoice?: ToolChoice | 'auto' | 'none' | 'required';
  /** How much to think; a word such as `low`, `medium` or `high` is an effort. */
  readonly reasoning?: ReasoningSettings | string;
  /** Ignored: `generate` asks for a whole answer and `stream` for a streamed one. */
  readonly stream?: boolean;
  readonly streamUsage?: boolean;
};

/** What is asked, in full, and the addresses to ask in their order. */
export interface Asked {
  readonly request: GenerationRequest;
  readonly models: readonly [string, ...string[]];
}

/** Members of an `Ask`: the type holds this list complete. */
const MEMBERS: Readonly<Record<keyof Ask, true>> = {
  model: true,
  prompt: true,
  system: true,
  messages: true,
  tools: true,
  toolChoice: true,
  parallelToolCalls: true,
  maxOutputTokens: true,
  temperature: true,
  topP: true,
  topK: true,
  presencePenalty: true,
  frequencyPenalty: true,
  seed: true,
  stopSequences: true,
  outputFormat: true,
  reasoning: true,
  candidateCount: true,
  endUserId: true,
  stream: true,
  streamUsage: true,
  extras: true,
};

/** Says in full what was asked in short. A mistake names the member; what a caller wrote in full stays the same object. */
export function readAsk(ask: Ask, { stream }: { readonly stream: boolean }): Result<Asked> {
  const mistake = mistakeIn(ask);
  if (mistake !== undefined) return failed(mistake);
  const { model, prompt, system, messages = [], tools, toolChoice, reasoning, ...rest } = ask;
  const [first, ...others] = typeof model === 'string' ? [model] : model;
  if (first === undefined) return failed(NO_MODEL);
  const request: GenerationRequest = {
    ...rest,
    model: first,
    messages: [
      ...(system === undefined ? [] : [systemMessage(system)]),
      ...messages.map(messageOf),
      ...(prompt === undefined ? [] : [{ role: 'user', content: partsOf(prompt) } as const]),
    ],
    ...(tools !== undefined && { tools: toolsOf(tools) }),
    ...(toolChoice !== undefined && {
      toolChoice: typeof toolChoice === 'string' ? { type: toolChoice } : toolChoice,
    }),
    ...(reasoning !== undefined && { reasoning: typeof reasoning === 'string' ? { effort: reasoning } : reasoning }),
    stream,
    streamUsage: stream,
  };
  return ok({ request, models: [first, ...others] });
}

const NO_MODEL = invalidRequest('model', 'Name a model: `provider/model`, e.g. `openai/gpt-5`.');

function mistakeIn(ask: Ask): Failure | undefined {
  const unknown = Object.keys(ask).find((name) => !Object.hasOwn(MEMBERS, name));
  if (unknown !== undefined)
    return invalidRequest(
      unknown,
      `\`${unknown}\` is no part of a request. Options of the call, such as \`signal\`, are the second argument; what only one format has belongs in \`extras\`.`,
    );
  const { model, prompt, messages } = ask;
  const addresses: readonly unknown[] = Array.isArray(model) ? model : [model];
  if (addresses.length === 0 || !addresses.every((each) => typeof each === 'string' && each !== '')) return NO_MODEL;
  if (prompt === undefined && (messages === undefined || messages.length === 0))
    return invalidRequest('messages', 'There is nothing to ask: give `prompt` or `messages`.');
  if (prompt !== undefined && typeof prompt !== 'string' && !Array.isArray(prompt))
    return invalidRequest('prompt', '`prompt` must be text or a list of parts.');
  if (messages === undefined) return undefined;
  if (!Array.isArray(messages)) return invalidRequest('messages', '`messages` must be a list.');
  const odd = messages.findIndex((each) => !isMessage(each));
  if (odd === -1) return undefined;
  return invalidRequest(
    `messages[${odd}]`,
    `\`messages[${odd}]\` must have a \`role\` of ${ROLES.join(', ')} and \`content\` that is text or a list of parts.`,
  );
}

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const;

function isMessage(message: AskMessage): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { role, content } = message;
  if (!ROLES.some((each) => each === role)) return false;
  return Array.isArray(content) || (typeof content === 'string' && (role !== 'tool' || 'toolCallId' in message));
}

const systemMessage = (text: string): Message => ({ role: 'system', audience: 'system', content: partsOf(text) });

const partsOf = (content: string | readonly Part[]): readonly Part[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

function messageOf(message: AskMessage): Message {
  if (message.role === 'tool') {
    if (!('toolCallId' in message)) return message;
    const { toolCallId, content, isError = false } = message;
    return { role: 'tool', content: [{ type: 'tool-result', toolCallId, content: partsOf(content), isError }] };
  }
  const { role, content } = message;
  if (role === 'developer' || (role === 'system' && !('audience' in message)))
    return { ...message, role: 'system', audience: role, content: partsOf(content) };
  return typeof content === 'string' ? ({ ...message, content: partsOf(content) } as Message) : (message as Message);
}

function toolsOf(tools: NonNullable<Ask['tools']>): readonly Tool[] {
  const list = isList(tools)
    ? tools
    : Object.entries(tools).map(([name, each]): Tool => ({ ...each, type: 'function', name }));
  return list.map(bare);
}

const isList = (tools: NonNullable<Ask['tools']>): tools is readonly Tool[] => Array.isArray(tools);

/** Only what is said to a model: how a typed tool runs is nobody else's. */
function bare(tool: Tool): Tool {
  if (tool.type !== 'function' || !('run' in tool)) return tool;
  const { name, description, inputSchema, strict, cacheControl, extras } = tool;
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(strict !== undefined && { strict }),
    ...(cacheControl !== undefined && { cacheControl }),
    ...(extras !== undefined && { extras }),
  };
}
