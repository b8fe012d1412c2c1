import type { Json } from '../model/json.ts';
import type { AssistantMessage } from '../model/message.ts';
import type { Part } from '../model/part.ts';
import type { GenerationResponse } from '../model/response.ts';
import type { Loss } from '../wire/codec.ts';
import { parseJson } from '../wire/read.ts';
import type { AttemptReport, CallCost, CallRecord } from './call-record.ts';

/** A call that the model made of a function. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them. */
  readonly argumentsJson: string;
  /** The same, read; an empty object where the model wrote nothing, absent where it is no JSON. */
  readonly arguments?: Json;
}

/** A whole answer and how it came about. `content` has every part in its order; the texts beside it are for reading. */
export type Generated = GenerationResponse & {
  /** All text, joined; empty when there is none. A refusal is no text: see `finish`. */
  readonly text: string;
  /** What the model showed of its thinking, joined; empty when nothing. */
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  /** The answer as the next turn's history, signatures included. */
  readonly message: AssistantMessage;
  /** Absent when the price or the usage is unknown: that is not the same as nothing. */
  readonly cost?: CallCost;
  /** What of the request could not be carried to the provider. */
  readonly losses: readonly Loss[];
  /** Id of the provider that answered; absent when no provider was asked, e.g. because a plugin answered. */
  readonly provider?: string;
  /** Every try, the last one being that which answered. */
  readonly attempts: readonly AttemptReport[];
};

/** An answer with all that its call knows. */
export async function generatedOf(answer: GenerationResponse, record: CallRecord): Promise<Generated> {
  const { provider, losses, attempts } = record;
  const cost = await record.cost();
  return {
    ...answer,
    text: textIn(answer.content, 'text'),
    reasoning: textIn(answer.content, 'reasoning'),
    toolCalls: toolCallsIn(answer.content),
    message: { role: 'assistant', content: answer.content },
    ...(cost !== undefined && { cost }),
    losses,
    ...(provider !== undefined && { provider }),
    attempts: [...attempts],
  };
}

const textIn = (content: readonly Part[], type: 'text' | 'reasoning'): string =>
  content.map((part) => (part.type === type ? part.text : '')).join('');

/** The calls among parts, with their arguments read. */
export const toolCallsIn = (content: readonly Part[]): readonly ToolCall[] =>
  content.flatMap((part) => {
    if (part.type !== 'tool-call') return [];
    const { id, name, argumentsJson } = part;
    const read = argumentsJson.trim() === '' ? {} : parseJson(argumentsJson);
    return [{ id, name, argumentsJson, ...(read !== undefined && { arguments: read }) }];
  });
