import type { Attachment } from '../attachments/attachment.ts';
import type { Message, ToolCall } from '../conversation.ts';
import type { Parameters } from '../parameters.ts';
import { objectIn } from '../tools/schema-fault.ts';
import type { DeclaredTool } from '../tools/tool.ts';

/** A call of a model, before it is written in a dialect. */
export interface Asked {
  readonly model: string;
  /** Empty: none. */
  readonly system: string;
  readonly messages: readonly Message[];
  readonly parameters: Parameters;
  readonly tools: readonly DeclaredTool[];
}

/** What stands for the content of an attachment: itself where a call is made, the reading of a file in a program. */
export type Source = (attachment: Attachment, form: 'data-url' | 'base64') => unknown;

/** The object without members that are `undefined`. */
export const compact = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** A text among the attachments, as words that every model reads. */
export const wordsOf = ({ name, content = '' }: Attachment): string => `${name}:\n\n${content}`;

/** The arguments of a call as an object, which some dialects want; empty where they are none. */
export const argumentsOf = ({ argumentsJson }: ToolCall): object => objectIn(argumentsJson) ?? {};

/** The messages in runs of what one side said: answers of tools after one another are one run. */
export function inRuns(messages: readonly Message[]): readonly (readonly Message[])[] {
  const runs: Message[][] = [];
  for (const message of messages) {
    const last = runs.at(-1);
    if (message.role === 'tool' && last?.[0]?.role === 'tool') last.push(message);
    else runs.push([message]);
  }
  return runs;
}

/** What an attachment is where it stands in a message: content that a link left out is nothing. */
export const presentOf = (attachments: readonly Attachment[]): readonly Attachment[] =>
  attachments.filter(({ content }) => content !== undefined);
