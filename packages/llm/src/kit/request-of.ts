import { parseJson, isObject } from '../wire/read.ts';
import { failed, invalidRequest, ok, type Result } from '../model/failure.ts';
import type { AssistantMessage, Message } from '../model/message.ts';
import type { MediaPart, Part, ToolResultPart } from '../model/part.ts';
import type { GenerationRequest, OutputFormat } from '../model/request.ts';
import type { ToolChoice } from '../model/tool.ts';
import { getContentParts, getTextContent, type ChatMessage, type ContentPart } from './chat-message.ts';
import type { ChatTool, ChatToolChoice } from './chat-tool.ts';
import type { GenerateOptions } from './generate-options.ts';

/** The canonical request of what is asked, at `model` (`provider/model`). A mistake is an `invalid-request` failure. */
export function requestOf(options: GenerateOptions, model: string): Result<GenerationRequest> {
  const messages = messagesOf(options);
  if (!messages.ok) return messages;
  if (messages.value.length === 0)
    return failed(invalidRequest('prompt', 'Nothing is asked. Give prompt or messages.'));
  const choice = toolChoiceOf(options);
  if (!choice.ok) return choice;
  const format = outputFormatOf(options.responseFormat);
  if (!format.ok) return format;
  const { tools = [], maxTokens, temperature, stop = [], stream = false } = options;
  return ok({
    model,
    messages: messages.value,
    stream,
    streamUsage: stream,
    ...(tools.length > 0 && { tools: tools.map(toolOf) }),
    ...(choice.value && { toolChoice: choice.value }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(stop.length > 0 && { stopSequences: stop }),
    ...(format.value && { outputFormat: format.value }),
  });
}

const toolOf = ({ name, description, inputSchema }: ChatTool) =>
  ({
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
  }) as const;

function messagesOf({ context, messages = [], prompt }: GenerateOptions): Result<readonly Message[]> {
  const asked: ChatMessage[] = [...messages];
  if (context) asked.unshift({ role: 'system', content: context });
  if (prompt) asked.push({ role: 'user', content: prompt });
  const made: Message[] = [];
  for (const [at, message] of asked.entries()) {
    const turns = turnsOf(message, `messages[${at}]`);
    if (!turns.ok) return turns;
    for (const turn of turns.value) addTurn(made, turn);
  }
  return ok(made);
}

/** Adjacent results of tools are one message, whatever the caller made of them. */
function addTurn(made: Message[], turn: Message): void {
  const last = made.at(-1);
  if (turn.role === 'tool' && last?.role === 'tool') made[made.length - 1] = joinedResults(last.content, turn.content);
  else made.push(turn);
}

const joinedResults = (first: readonly ToolResultPart[], more: readonly ToolResultPart[]): Message => ({
  role: 'tool',
  content: [...first, ...more],
});

function turnsOf(message: ChatMessage, path: string): Result<readonly Message[]> {
  switch (message.role) {
    case 'system':
    case 'developer':
      return ok([
        { role: 'system', audience: message.role, content: [{ type: 'text', text: getTextContent(message) }] },
      ]);
    case 'user':
      return userTurns(message, path);
    case 'assistant':
      return assistantTurn(message, path);
    case 'tool':
      return toolTurn(message, path);
    default: {
      const role = String(message.role);
      return failed(
        invalidRequest(`${path}.role`, `No role is called "${role}". Use system, user, assistant or tool.`),
      );
    }
  }
}

/** Results may stand in a user's message, as Anthropic has them; they come first. */
function userTurns(message: ChatMessage, path: string): Result<readonly Message[]> {
  const parts = partsOf(message, path);
  if (!parts.ok) return parts;
  const results = parts.value.filter((part) => part.type === 'tool-result');
  const rest = parts.value.filter((part) => part.type !== 'tool-result');
  const turns: Message[] = results.length > 0 ? [{ role: 'tool', content: results }] : [];
  if (rest.length > 0) turns.push({ role: 'user', content: rest });
  return ok(turns);
}

function assistantTurn(message: ChatMessage, path: string): Result<readonly AssistantMessage[]> {
  const parts = partsOf(message, path);
  if (!parts.ok) return parts;
  const thought = message.reasoning ?? message.reasoningContent ?? '';
  const reasoning: readonly Part[] = thought === '' ? [] : [{ type: 'reasoning', text: thought }];
  const calls = (message.toolCalls ?? []).map((call): Part => ({
    type: 'tool-call',
    id: call.id,
    name: call.function.name,
    argumentsJson: call.function.arguments,
  }));
  return ok([{ role: 'assistant', content: [...reasoning, ...parts.value, ...calls] }]);
}

function toolTurn(message: ChatMessage, path: string): Result<readonly Message[]> {
  const parts = partsOf(message, path);
  if (!parts.ok) return parts;
  const results = parts.value.filter((part) => part.type === 'tool-result');
  const rest = parts.value.filter((part) => part.type !== 'tool-result');
  const { toolCallId } = message;
  if (toolCallId === undefined && results.length === 0)
    return failed(
      invalidRequest(`${path}.toolCallId`, 'A tool message must say which call it answers. Give toolCallId.'),
    );
  if (toolCallId !== undefined) results.push({ type: 'tool-result', toolCallId, content: rest, isError: false });
  return ok([{ role: 'tool', content: results }]);
}

function partsOf(message: ChatMessage, path: string): Result<readonly Part[]> {
  const made: Part[] = [];
  for (const [at, part] of getContentParts(message).entries()) {
    const read = partOf(part, `${path}.parts[${at}]`);
    if (!read.ok) return read;
    made.push(read.value);
  }
  return ok(made);
}

function partOf(part: ContentPart, path: string): Result<Part> {
  switch (part.type) {
    case 'text':
      return ok({ type: 'text', text: part.text ?? '' });
    case 'thinking':
      return ok(thoughtOf(part));
    case 'image':
    case 'document':
    case 'audio':
      return mediaOf(part, path);
    case 'tool_use':
      return ok({
        type: 'tool-call',
        id: part.id ?? '',
        name: part.name ?? '',
        argumentsJson: JSON.stringify(part.input ?? {}),
      });
    case 'tool_result':
      return resultOf(part, path);
    default: {
      const type = String(part.type);
      return failed(
        invalidRequest(`${path}.type`, `No part is of type "${type}". Use text, image, document or audio.`),
      );
    }
  }
}

function thoughtOf({ thinking, text, extra }: ContentPart): Part {
  const signature = extra?.['signature'];
  return {
    type: 'reasoning',
    text: thinking ?? text ?? '',
    ...(typeof signature === 'string' && { signature }),
  };
}

function resultOf({ toolUseId, content = '', extra }: ContentPart, path: string): Result<ToolResultPart> {
  if (toolUseId === undefined)
    return failed(invalidRequest(`${path}.toolUseId`, 'A result must say which call it answers. Give toolUseId.'));
  const parts = typeof content === 'string' ? [{ type: 'text', text: content } as const] : content;
  const inner = partsOf({ role: 'tool', parts }, path);
  if (!inner.ok) return inner;
  return ok({
    type: 'tool-result',
    toolCallId: toolUseId,
    content: inner.value,
    isError: extra?.['isError'] === true,
  });
}

/** What a source is when it does not say. */
const MEDIA_TYPES = { image: 'image/*', document: 'application/pdf', audio: 'audio/*' } as const;

function mediaOf({ type, source }: ContentPart, path: string): Result<MediaPart> {
  const mediaType = source?.mediaType ?? MEDIA_TYPES[type as keyof typeof MEDIA_TYPES];
  if (source?.type === 'url' && source.url)
    return ok({ type: 'media', mediaType, source: { kind: 'url', url: source.url } });
  if (source?.type === 'base64' && source.data && source.mediaType)
    return ok({ type: 'media', mediaType, source: { kind: 'base64', data: source.data } });
  return failed(
    invalidRequest(`${path}.source`, 'Give a source: { type: "url", url } or { type: "base64", mediaType, data }.'),
  );
}

function toolChoiceOf({ toolChoice, tools = [] }: GenerateOptions): Result<ToolChoice | undefined> {
  if (toolChoice === undefined) return ok(undefined);
  if (tools.length === 0)
    return failed(invalidRequest('toolChoice', 'toolChoice needs tools. Give tools, or leave it out.'));
  if (toolChoice.mode !== 'specific') return ok({ type: toolChoice.mode });
  return specificChoice(toolChoice, tools);
}

function specificChoice({ functionName }: ChatToolChoice, tools: readonly ChatTool[]): Result<ToolChoice> {
  if (functionName !== undefined && tools.some(({ name }) => name === functionName))
    return ok({ type: 'tool', name: functionName });
  const names = tools.map(({ name }) => name).join(', ');
  return failed(invalidRequest('toolChoice.functionName', `Name one of the tools: ${names}.`));
}

const FORMATS: Readonly<Record<string, OutputFormat>> = {
  text: { type: 'text' },
  json: { type: 'json' },
  json_object: { type: 'json' },
};

function outputFormatOf(format: string | undefined): Result<OutputFormat | undefined> {
  if (format === undefined || format === '') return ok(undefined);
  const named = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (named !== undefined) return ok(named);
  const schema = parseJson(format);
  if (isObject(schema)) return ok({ type: 'json-schema', name: 'answer', schema });
  return failed(invalidRequest('responseFormat', 'Give a JSON schema as text, or text, json or json_object.'));
}
