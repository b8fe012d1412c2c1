import type { Json, JsonObject } from '../model/json.ts';
import { failed, invalidRequest, ok, type Result } from '../model/failure.ts';
import type { ChatMessage, ContentPart } from '../kit/chat-message.ts';
import type { ChatTool, ChatToolCall, ChatToolChoice } from '../kit/chat-tool.ts';
import type { GenerateOptions } from '../kit/generate-options.ts';
import { isObject, objectOf, textOf } from '../wire/read.ts';

/** What `POST /api/generate` asks for. */
export interface GenerateRequest {
  /** The name of a provider; absent: the backend's first. */
  readonly provider?: string;
  readonly options: GenerateOptions;
}

const ROLES: ReadonlySet<string> = new Set(['system', 'developer', 'user', 'assistant', 'tool']);
const PARTS: ReadonlySet<string> = new Set([
  'text',
  'image',
  'document',
  'audio',
  'tool_use',
  'tool_result',
  'thinking',
]);

/**
 * Reads the body: `provider`, `model`, `prompt` or `messages`, `max_tokens`, `temperature`, `stop`, `stream`, `tools`,
 * `tool_choice`, `response_format`, `metadata`. A member of the wrong type is a failure whose path names it, an absent
 * question one of code `missing`; members that it does not know are left alone.
 */
export function readGenerate(body: JsonObject): Result<GenerateRequest> {
  const wrong = TYPES.find(([name, fits]) => body[name] !== undefined && body[name] !== null && !fits(body[name]));
  if (wrong !== undefined) return failed(invalidRequest(wrong[0], `${wrong[0]} must be ${wrong[2]}.`));
  const messages = listOf(body['messages'], 'messages', readMessage);
  if (!messages.ok) return messages;
  const tools = listOf(body['tools'], 'tools', readTool);
  if (!tools.ok) return tools;
  const choice = readChoice(body['tool_choice']);
  if (!choice.ok) return choice;
  const prompt = textOf(body['prompt']) ?? '';
  if (prompt === '' && messages.value.length === 0)
    return failed({ ...invalidRequest('prompt', 'Say what to answer: `prompt` or `messages`.'), code: 'missing' });
  const provider = textOf(body['provider']);
  return ok({
    ...(provider !== undefined && { provider }),
    options: {
      ...plainOptions(body),
      ...(prompt !== '' && { prompt }),
      ...(messages.value.length > 0 && { messages: messages.value }),
      ...(tools.value.length > 0 && { tools: tools.value }),
      ...(choice.value && { toolChoice: choice.value }),
    },
  });
}

/** What `POST /api/providers/{name}/test` asks where its body does not say. */
const TEST = { prompt: 'Hello! Please answer with a short greeting.', max_tokens: 50, temperature: 0.7 };

/** Reads the body of a test of the provider `name` as `readGenerate` does; a test is never streamed. */
export const readTest = (body: JsonObject, name: string): Result<GenerateRequest> =>
  readGenerate({ ...TEST, ...body, provider: name, stream: false });

type Fits = (value: Json | undefined) => boolean;

const isText: Fits = (value) => typeof value === 'string';
const isTexts: Fits = (value) => Array.isArray(value) && value.every((each) => typeof each === 'string');

const TYPES: readonly (readonly [string, Fits, string])[] = [
  ['provider', isText, 'the name of a provider'],
  ['model', isText, 'the name of a model'],
  ['prompt', isText, 'text'],
  ['max_tokens', (value) => Number.isInteger(value) && Number(value) > 0, 'a whole number from 1'],
  ['temperature', (value) => typeof value === 'number' && value >= 0 && value <= 2, 'a number from 0 to 2'],
  ['stop', (value) => isText(value) || isTexts(value), 'text or a list of texts'],
  ['stream', (value) => typeof value === 'boolean', 'true or false'],
  ['response_format', isText, 'text: `json`, or a JSON schema'],
  ['metadata', isObject, 'an object'],
];

function plainOptions(body: JsonObject): GenerateOptions {
  const { model, max_tokens: maxTokens, temperature, stop, stream, response_format: format, metadata } = body;
  return {
    ...(typeof model === 'string' && model !== '' && { model }),
    ...(typeof maxTokens === 'number' && { maxTokens }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof stop === 'string' && { stop: [stop] }),
    ...(Array.isArray(stop) && { stop: stop.map(String) }),
    ...(stream === true && { stream }),
    ...(typeof format === 'string' && { responseFormat: format }),
    ...(isObject(metadata) && { metadata }),
  };
}

function listOf<T>(
  given: Json | undefined,
  path: string,
  read: (item: JsonObject, path: string) => Result<T>,
): Result<readonly T[]> {
  if (given === undefined || given === null) return ok([]);
  if (!Array.isArray(given)) return failed(invalidRequest(path, `${path} must be a list.`));
  const all: T[] = [];
  for (const [at, item] of given.entries()) {
    const place = `${path}[${at}]`;
    if (!isObject(item)) return failed(invalidRequest(place, `${place} must be an object.`));
    const one = read(item, place);
    if (!one.ok) return one;
    all.push(one.value);
  }
  return ok(all);
}

function readMessage(message: JsonObject, path: string): Result<ChatMessage> {
  const { role, content } = message;
  if (typeof role !== 'string' || !ROLES.has(role))
    return failed(invalidRequest(`${path}.role`, `${path}.role must be one of: ${[...ROLES].join(', ')}.`));
  const isPlain = content === undefined || content === null || typeof content === 'string';
  const parts = isPlain ? ok([]) : listOf(content, `${path}.content`, readPart);
  if (!parts.ok) return parts;
  const calls = listOf(message['tool_calls'], `${path}.tool_calls`, readCall);
  if (!calls.ok) return calls;
  const toolCallId = textOf(message['tool_call_id']);
  const reasoning = textOf(message['reasoning']);
  return ok({
    role: role as ChatMessage['role'],
    ...(typeof content === 'string' && { content }),
    ...(parts.value.length > 0 && { parts: parts.value }),
    ...(reasoning !== undefined && { reasoning }),
    ...(calls.value.length > 0 && { toolCalls: calls.value }),
    ...(toolCallId !== undefined && { toolCallId }),
  });
}

function readPart(part: JsonObject, path: string): Result<ContentPart> {
  const { type } = part;
  if (typeof type !== 'string' || !PARTS.has(type))
    return failed(invalidRequest(`${path}.type`, `${path}.type must be one of: ${[...PARTS].join(', ')}.`));
  const source = objectOf(part['source']);
  const { content } = part;
  const isPlain = content === undefined || typeof content === 'string';
  const inner = isPlain ? ok([]) : listOf(content, `${path}.content`, readPart);
  if (!inner.ok) return inner;
  const input = objectOf(part['input']);
  const texts = { id: part['id'], name: part['name'], text: part['text'], thinking: part['thinking'] };
  const toolUseId = textOf(part['tool_use_id']);
  return ok({
    type: type as ContentPart['type'],
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => typeof value === 'string')),
    ...(source && { source: sourceOf(source) }),
    ...(input && { input }),
    ...(toolUseId !== undefined && { toolUseId }),
    ...(typeof content === 'string' && { content }),
    ...(inner.value.length > 0 && { content: inner.value }),
  });
}

function sourceOf(source: JsonObject): NonNullable<ContentPart['source']> {
  const [mediaType, data, url] = [source['media_type'], source['data'], source['url']].map(textOf);
  return {
    type: source['type'] === 'url' ? 'url' : 'base64',
    ...(mediaType !== undefined && { mediaType }),
    ...(data !== undefined && { data }),
    ...(url !== undefined && { url }),
  };
}

function readCall(call: JsonObject, path: string): Result<ChatToolCall> {
  const asked = objectOf(call['function']);
  const [id, name] = [textOf(call['id']), textOf(asked?.['name'])];
  if (id === undefined || name === undefined)
    return failed(invalidRequest(path, `${path} must have \`id\` and \`function\` with \`name\` and \`arguments\`.`));
  return ok({ id, type: 'function', function: { name, arguments: textOf(asked?.['arguments']) ?? '{}' } });
}

function readTool(tool: JsonObject, path: string): Result<ChatTool> {
  // OpenAI's wrapping is so common that it is read as well.
  const plain = objectOf(tool['function']) ?? tool;
  const [name, description] = [textOf(plain['name']), textOf(plain['description'])];
  if (name === undefined || name === '') return failed(invalidRequest(`${path}.name`, `${path}.name must be text.`));
  const schema = objectOf(plain['input_schema'] ?? plain['parameters']);
  return ok({ name, ...(description !== undefined && { description }), ...(schema && { inputSchema: schema }) });
}

function readChoice(given: Json | undefined): Result<ChatToolChoice | undefined> {
  if (given === undefined || given === null) return ok(undefined);
  const mode = textOf(given) ?? textOf(objectOf(given)?.['mode']);
  const functionName = textOf(objectOf(given)?.['function_name']);
  if (mode === 'auto' || mode === 'required' || mode === 'none') return ok({ mode });
  if (mode === 'specific' && functionName !== undefined) return ok({ mode, functionName });
  const wanted = '`auto`, `required`, `none`, or { "mode": "specific", "function_name": "…" }';
  return failed(invalidRequest('tool_choice', `tool_choice must be ${wanted}.`));
}
