import type { Extras } from './extras.ts';
import type { Part, ToolResultPart } from './part.ts';

/** Instructions. `audience` tells OpenAI's `developer` role from `system`; other formats read both alike. */
export interface SystemMessage {
  readonly role: 'system';
  readonly audience: 'system' | 'developer';
  readonly content: readonly Part[];
  readonly extras?: Extras;
}

/** What the person or program that asks has said: text and media. */
export interface UserMessage {
  readonly role: 'user';
  readonly content: readonly Part[];
  readonly extras?: Extras;
}

/** An earlier answer of a model: text, reasoning, refusals and tool calls, in the order they came. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: readonly Part[];
  readonly extras?: Extras;
}

/** Results of tool calls: one message for a run of adjacent results, whatever the wire's own grouping. */
export interface ToolMessage {
  readonly role: 'tool';
  readonly content: readonly ToolResultPart[];
  readonly extras?: Extras;
}

/** One turn of a conversation, in wire order. System messages may stand anywhere. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;
