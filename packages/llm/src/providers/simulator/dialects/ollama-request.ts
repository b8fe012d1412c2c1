import type { Json, JsonObject } from '../../../model/json.ts';
import type { Message } from '../../../model/message.ts';
import type { Part, ToolCallPart } from '../../../model/part.ts';
import type { GenerationRequest } from '../../../model/request.ts';
import type { FunctionTool } from '../../../model/tool.ts';
import { isObject, numberOf, objectOf, textOf } from '../../../wire/read.ts';
import { Refusal, required, wanted } from '../../../wire/refusal.ts';

/** Reads a body of `/api/chat` as strictly as Ollama's own types are; it streams unless it is told not to. */
export function readOllama(body: JsonObject): GenerationRequest {
  const calls: ToolCallPart[] = [];
  const messages = objectsOf(body['messages'] ?? [], 'messages').map((each, index) =>
    readMessage(each, `messages[${index}]`, calls),
  );
  const tools = objectsOf(body['tools'] ?? [], 'tools').map((each, index) => readTool(each, `tools[${index}]`));
  const options = objectOf(wanted(body, 'options', 'object')) ?? {};
  const maxTokens = numberOf(wanted(options, 'num_predict', 'number', 'options.num_predict'));
  return {
    model: required(body, 'model', 'body'),
    messages: joinResults(messages),
    ...(tools.length > 0 && { tools }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    stream: wanted(body, 'stream', 'boolean') !== false,
    streamUsage: true,
  };
}

function objectsOf(value: Json, path: string): readonly JsonObject[] {
  if (!Array.isArray(value)) throw new Refusal(path, 'a list');
  return (value as readonly Json[]).map((each, index) => {
    if (!isObject(each)) throw new Refusal(`${path}[${index}]`, 'an object');
    return each;
  });
}

function readMessage(wire: JsonObject, path: string, calls: ToolCallPart[]): Message {
  const { role } = wire;
  const text = textOf(wanted(wire, 'content', 'string', `${path}.content`)) ?? '';
  const said: readonly Part[] = text === '' ? [] : [{ type: 'text', text }];
  if (role === 'tool') {
    // Results that name no call belong to the calls in their order.
    const toolCallId = textOf(wire['tool_call_id']) ?? calls[0]?.id ?? '';
    const at = calls.findIndex(({ id }) => id === toolCallId);
    if (at >= 0) calls.splice(at, 1);
    return { role, content: [{ type: 'tool-result', toolCallId, content: said, isError: false }] };
  }
  if (role === 'system') return { role, audience: 'system', content: said };
  if (role === 'user') return { role, content: [...said, ...readImages(wire['images'] ?? [], `${path}.images`)] };
  if (role !== 'assistant') throw new Refusal(`${path}.role`, '`system`, `user`, `assistant` or `tool`');
  const thought = textOf(wanted(wire, 'thinking', 'string', `${path}.thinking`));
  const called = objectsOf(wire['tool_calls'] ?? [], `${path}.tool_calls`).map((each, index) =>
    readCall(each, `${path}.tool_calls[${index}]`, index),
  );
  calls.push(...called);
  return { role, content: [...(thought ? [{ type: 'reasoning' as const, text: thought }] : []), ...said, ...called] };
}

function readImages(value: Json, path: string): readonly Part[] {
  if (!Array.isArray(value)) throw new Refusal(path, 'a list');
  return (value as readonly Json[]).map((each, index) => {
    if (typeof each !== 'string' || !/^[A-Za-z0-9+/]+=*$/.test(each))
      throw new Refusal(`${path}[${index}]`, 'the base64 of an image');
    return { type: 'media', mediaType: 'image/*', source: { kind: 'base64', data: each } };
  });
}

function readCall(wire: JsonObject, path: string, index: number): ToolCallPart {
  const made = objectOf(wanted(wire, 'function', 'object', `${path}.function`)) ?? {};
  if (!isObject(made['arguments'])) throw new Refusal(`${path}.function.arguments`, 'an object');
  return {
    type: 'tool-call',
    id: textOf(wanted(wire, 'id', 'string', `${path}.id`)) ?? `call_${index}`,
    name: required(made, 'name', `${path}.function`),
    argumentsJson: JSON.stringify(made['arguments']),
  };
}

/** Results in a row are one message. */
function joinResults(messages: readonly Message[]): readonly Message[] {
  const all: Message[] = [];
  for (const message of messages) {
    const last = all.at(-1);
    if (message.role === 'tool' && last?.role === 'tool')
      all[all.length - 1] = { role: 'tool', content: [...last.content, ...message.content] };
    else all.push(message);
  }
  return all;
}

function readTool(wire: JsonObject, path: string): FunctionTool {
  const made = objectOf(wanted(wire, 'function', 'object', `${path}.function`)) ?? {};
  const description = textOf(wanted(made, 'description', 'string', `${path}.function.description`));
  const inputSchema = objectOf(wanted(made, 'parameters', 'object', `${path}.function.parameters`));
  return {
    type: 'function',
    name: required(made, 'name', `${path}.function`),
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
  };
}
