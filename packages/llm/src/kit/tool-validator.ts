import { issuesOf } from '../tools/check-value.ts';
import { isObject, parseJson } from '../wire/read.ts';
import type { ChatMessage } from './chat-message.ts';
import type { ChatTool, ChatToolCall } from './chat-tool.ts';

/** What is wrong with the order of calls and answers in a conversation. */
export interface SequenceIssue {
  /** An answer without its call, or a call without its answer. */
  readonly kind: 'orphan_response' | 'missing_response';
  readonly toolCallId: string;
  /** Place of the message. */
  readonly at: number;
}

/** Looks through tools, calls and conversations. What is wrong comes as sentences; none when all is sound. */
export interface ToolValidator {
  validateDefinition(tool: ChatTool): readonly string[];
  /** A call of one of these tools, with its arguments by the tool's schema. */
  validateCall(call: ChatToolCall, tools: readonly ChatTool[]): readonly string[];
  validateSequence(messages: readonly ChatMessage[]): readonly SequenceIssue[];
  /** Calls that nobody answered. */
  pendingCalls(messages: readonly ChatMessage[]): readonly ChatToolCall[];
  /** The conversation with an answer behind every call that has none, and without answers to no call. */
  repair(messages: readonly ChatMessage[], content?: string): readonly ChatMessage[];
}

/** How strictly calls are looked at. */
export interface ToolValidatorOptions {
  /** Whether arguments that a schema does not name are wrong. Default false. */
  readonly strict?: boolean;
}

/** Makes a validator. */
export function newToolValidator({ strict = false }: ToolValidatorOptions = {}): ToolValidator {
  return {
    validateDefinition: definitionIssues,
    validateCall: (call, tools) => callIssues(call, tools, strict),
    validateSequence: sequenceIssues,
    pendingCalls: pendingCallsOf,
    repair,
  };
}

function definitionIssues({ name, description = '', inputSchema }: ChatTool): readonly string[] {
  const issues: string[] = [];
  if (!/^[\w.:-]{1,128}$/.test(name)) issues.push('name must be 1 to 128 letters, digits, _, -, . or :.');
  if (description.trim() === '') issues.push('description is missing: models choose tools by it.');
  if (inputSchema === undefined) issues.push('inputSchema is missing: give a JSON schema.');
  else if (inputSchema['type'] !== 'object') issues.push('inputSchema.type must be object.');
  return issues;
}

function callIssues(
  { id, type, function: { name, arguments: text } }: ChatToolCall,
  tools: readonly ChatTool[],
  strict: boolean,
): readonly string[] {
  const tool = tools.find((each) => each.name === name);
  const issues: string[] = [];
  if (id === '') issues.push('id is missing.');
  // Programs in plain JavaScript may say anything here.
  if ((type as string) !== 'function') issues.push('type must be function.');
  if (tool === undefined) return [...issues, `No tool is called ${JSON.stringify(name)}.`];
  const value = text.trim() === '' ? {} : parseJson(text);
  if (value === undefined) return [...issues, 'arguments are no JSON.'];
  if (!isObject(value)) return [...issues, 'arguments must be an object.'];
  const schema = tool.inputSchema ?? {};
  return [...issues, ...issuesOf(strict ? { ...schema, additionalProperties: false } : schema, value)];
}

function sequenceIssues(messages: readonly ChatMessage[]): readonly SequenceIssue[] {
  const waiting = new Map<string, number>();
  const issues: SequenceIssue[] = [];
  for (const [at, { role, toolCalls = [], toolCallId = '' }] of messages.entries()) {
    for (const { id } of toolCalls) waiting.set(id, at);
    if (role === 'tool' && !waiting.delete(toolCallId)) issues.push({ kind: 'orphan_response', toolCallId, at });
  }
  for (const [toolCallId, at] of waiting) issues.push({ kind: 'missing_response', toolCallId, at });
  return issues.sort((one, other) => one.at - other.at);
}

function pendingCallsOf(messages: readonly ChatMessage[]): readonly ChatToolCall[] {
  const missing = new Set(
    sequenceIssues(messages).flatMap(({ kind, toolCallId }) => (kind === 'missing_response' ? [toolCallId] : [])),
  );
  return messages.flatMap(({ toolCalls = [] }) => toolCalls.filter(({ id }) => missing.has(id)));
}

const NO_ANSWER = 'The tool gave no answer.';

function repair(messages: readonly ChatMessage[], content = NO_ANSWER): readonly ChatMessage[] {
  const issues = sequenceIssues(messages);
  const orphans = new Set(issues.flatMap(({ kind, at }) => (kind === 'orphan_response' ? [at] : [])));
  const missing = new Set(issues.flatMap(({ kind, toolCallId }) => (kind === 'missing_response' ? [toolCallId] : [])));
  let owed: ChatMessage[] = [];
  const repaired: ChatMessage[] = [];
  for (const [at, message] of messages.entries()) {
    if (orphans.has(at)) continue;
    // Answers stand together behind their calls, before anybody else speaks.
    if (message.role !== 'tool') repaired.push(...owed.splice(0));
    repaired.push(message);
    const unanswered = (message.toolCalls ?? []).filter(({ id }) => missing.has(id));
    owed = [...owed, ...unanswered.map(({ id }) => ({ role: 'tool' as const, toolCallId: id, content }))];
  }
  return [...repaired, ...owed];
}
