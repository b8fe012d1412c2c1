import type { Json, JsonObject } from '../../../model/json.ts';
import type { Message } from '../../../model/message.ts';
import type { Part, ToolResultPart } from '../../../model/part.ts';
import type { GenerationRequest } from '../../../model/request.ts';
import type { FunctionTool } from '../../../model/tool.ts';
import { decodeMedia } from '../../../wire/bedrock-converse/media.ts';
import type { Addressed } from '../../../wire/codec.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../../../wire/read.ts';
import { Refusal, required, wanted } from '../../../wire/refusal.ts';

/**
 * Reads a request of Converse as strictly as Amazon does: turns alternate and say something, calls are answered in the
 * next turn, and calls need their tools.
 */
export function readConverse(body: JsonObject, { model, stream }: Addressed): GenerationRequest {
  const messages = objectsOf(body['messages'], 'messages').map(readTurn);
  refuseOrder(messages);
  const system = objectsOf(body['system'] ?? [], 'system');
  const tools = readTools(objectOf(wanted(body, 'toolConfig', 'object')));
  const calls = messages.some(({ parts }) => parts.some(({ type }) => type === 'tool-call' || type === 'tool-result'));
  if (calls && tools === undefined) throw new Refusal('toolConfig', 'given where the conversation has calls of tools');
  const inference = objectOf(wanted(body, 'inferenceConfig', 'object')) ?? {};
  const maxTokens = wanted(inference, 'maxTokens', 'number', 'inferenceConfig.maxTokens');
  const temperature = numberOf(wanted(inference, 'temperature', 'number', 'inferenceConfig.temperature'));
  if (temperature !== undefined && (temperature < 0 || temperature > 1))
    throw new Refusal('inferenceConfig.temperature', 'between 0 and 1');
  return {
    model,
    messages: [...readSystem(system), ...messages.flatMap(messagesOf)],
    ...(tools !== undefined && { tools }),
    ...(typeof maxTokens === 'number' && { maxOutputTokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    stream,
    streamUsage: true,
  };
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly Part[];
}

const ROLES: ReadonlySet<unknown> = new Set<Turn['role']>(['user', 'assistant']);
const isRole = (value: unknown): value is Turn['role'] => ROLES.has(value);

function objectsOf(value: Json | undefined, path: string): readonly JsonObject[] {
  if (!Array.isArray(value)) throw new Refusal(path, 'a list');
  return (value as readonly Json[]).map((each, index) => {
    if (!isObject(each)) throw new Refusal(`${path}[${index}]`, 'an object');
    return each;
  });
}

function readTurn(wire: JsonObject, index: number): Turn {
  const path = `messages[${index}]`;
  const { role } = wire;
  if (!isRole(role)) throw new Refusal(`${path}.role`, '`user` or `assistant`');
  const blocks = objectsOf(wire['content'], `${path}.content`);
  if (blocks.length === 0) throw new Refusal(`${path}.content`, 'a list of at least one block');
  return { role, parts: blocks.flatMap((block, at) => readBlock(block, `${path}.content[${at}]`)) };
}

/** Turns alternate from the user's first, and whoever was called answers at once and for nothing else. */
function refuseOrder(turns: readonly Turn[]): void {
  if (turns.length === 0) throw new Refusal('messages', 'a list of at least one message');
  for (const [index, { role, parts }] of turns.entries()) {
    const path = `messages[${index}]`;
    if (role !== (index % 2 === 0 ? 'user' : 'assistant'))
      throw new Refusal(`${path}.role`, 'the other side’s: users and assistants take turns, and the user begins');
    const called = idsOf(turns[index - 1]?.parts ?? [], 'tool-call');
    const answered = idsOf(parts, 'tool-result');
    if (called.toSorted().join() !== answered.toSorted().join())
      throw new Refusal(`${path}.content`, `results of exactly these calls: ${called.join(', ') || 'none'}`);
  }
  if (idsOf(turns.at(-1)?.parts ?? [], 'tool-call').length > 0)
    throw new Refusal('messages', 'ended by the results of the calls in it');
}

const idsOf = (parts: readonly Part[], type: 'tool-call' | 'tool-result'): readonly string[] =>
  parts.flatMap((part) => {
    if (part.type !== type) return [];
    return [part.type === 'tool-call' ? part.id : part.type === 'tool-result' ? part.toolCallId : ''];
  });

/** One block; marks of caches and guardrails say nothing. */
function readBlock(block: JsonObject, path: string): readonly Part[] {
  const names = Object.keys(block);
  const [name = ''] = names;
  if (names.length !== 1) throw new Refusal(path, 'an object of one member, which names its kind');
  const value = block[name];
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (reader !== undefined) return [reader(value ?? null, `${path}.${name}`)];
  const media = decodeMedia(name, value);
  return media === undefined ? [] : [media];
}

const READERS: Readonly<Record<string, (value: Json, path: string) => Part>> = {
  text: (value, path) => {
    if (typeof value !== 'string' || value.trim() === '') throw new Refusal(path, 'text that is not blank');
    return { type: 'text', text: value };
  },
  reasoningContent: (value) => {
    const said = objectOf(objectOf(value)?.['reasoningText']);
    const signature = textOf(said?.['signature']);
    return { type: 'reasoning', text: textOf(said?.['text']) ?? '', ...(signature !== undefined && { signature }) };
  },
  toolUse: (value, path) => {
    const call = objectOf(value) ?? {};
    if (!isObject(call['input'])) throw new Refusal(`${path}.input`, 'an object');
    return {
      type: 'tool-call',
      id: idOf(call, path),
      name: required(call, 'name', path),
      argumentsJson: JSON.stringify(call['input']),
    };
  },
  toolResult: (value, path) => readResult(objectOf(value) ?? {}, path),
};

function idOf(wire: JsonObject, path: string): string {
  const id = required(wire, 'toolUseId', path);
  if (!/^[\w.:-]{1,64}$/.test(id))
    throw new Refusal(`${path}.toolUseId`, '1 to 64 letters, digits, dots, colons, hyphens and underscores');
  return id;
}

function readResult(wire: JsonObject, path: string): ToolResultPart {
  const content = objectsOf(wire['content'], `${path}.content`).flatMap((block, at): readonly Part[] =>
    block['json'] === undefined
      ? readBlock(block, `${path}.content[${at}]`)
      : [{ type: 'text', text: JSON.stringify(block['json']) }],
  );
  return { type: 'tool-result', toolCallId: idOf(wire, path), content, isError: wire['status'] === 'error' };
}

function readSystem(blocks: readonly JsonObject[]): readonly Message[] {
  const content = blocks.flatMap((block, at) => readBlock(block, `system[${at}]`));
  return content.length === 0 ? [] : [{ role: 'system', audience: 'system', content }];
}

/** The results of a turn, and what the user says besides. */
function messagesOf({ role, parts }: Turn): readonly Message[] {
  if (role === 'assistant') return [{ role, content: parts }];
  const results = parts.filter((part) => part.type === 'tool-result');
  const words = parts.filter((part) => part.type !== 'tool-result');
  return [
    ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : []),
    ...(words.length > 0 ? [{ role, content: words }] : []),
  ];
}

function readTools(config: JsonObject | undefined): readonly FunctionTool[] | undefined {
  if (config === undefined) return undefined;
  const path = 'toolConfig.tools';
  const specs = objectsOf(config['tools'], path).flatMap((tool) => arrayOf([tool['toolSpec']]).filter(isObject));
  if (specs.length === 0) throw new Refusal(path, 'a list of at least one tool');
  return specs.map((spec, index) => {
    const at = `${path}[${index}].toolSpec`;
    const inputSchema = objectOf(objectOf(spec['inputSchema'])?.['json']);
    const name = required(spec, 'name', at);
    if (!/^[\w-]{1,64}$/.test(name))
      throw new Refusal(`${at}.name`, '1 to 64 letters, digits, hyphens and underscores');
    if (inputSchema === undefined) throw new Refusal(`${at}.inputSchema.json`, 'an object');
    const description = textOf(spec['description']);
    if (description === '') throw new Refusal(`${at}.description`, 'absent or not empty');
    return { type: 'function', name, inputSchema, ...(description !== undefined && { description }) };
  });
}
