import type { JsonObject } from '@patchbay/llm/model/json';
import type { Speaks } from '@patchbay/llm/providers/define-provider';

import type { Answer, Asked, Need, Refusal, UpstreamId } from '../scenario.ts';

/** Bytes of an answer and what they are. */
export interface Wire {
  readonly type: string;
  readonly body: string | Buffer;
}

/** A provider that speaks one dialect and nothing else, written from the vendor's own description of it. */
export interface UpstreamSide {
  readonly id: UpstreamId;
  /** A model that the vendor really serves, because some facts hang on names. */
  readonly model: string;
  readonly speaks: Speaks;
  /** Words that this dialect has no way to say, and why. */
  readonly lacks: Readonly<Partial<Record<Need, string>>>;
  /** Reads a request; throws where the vendor would refuse its shape. */
  read(body: JsonObject, path: string): Asked;
  whole(answer: Answer, id: string): Wire;
  stream(answer: Answer, id: string): Wire;
  refuse(refusal: Refusal): JsonObject;
  /** A stream that says `text` and then nothing more. */
  begin(text: string): { readonly type: string; readonly begun: string | Buffer };
  /** A stream that says `text` and then breaks with the vendor's own error event. */
  broken(text: string, message: string): Wire;
}

/** The JSON of an input in three pieces, as models write it. */
export function piecesOf(input: JsonObject): readonly string[] {
  const text = JSON.stringify(input);
  const third = Math.ceil(text.length / 3);
  return [text.slice(0, third), text.slice(third, 2 * third), text.slice(2 * third)].filter((piece) => piece !== '');
}

/** Two halves of a text. */
export const halvesOf = (text: string): readonly string[] => {
  const half = Math.ceil(text.length / 2);
  return [text.slice(0, half), text.slice(half)].filter((piece) => piece !== '');
};

/** The id of a call of an answer. */
export const callId = (answerId: string, index: number): string => `call_${answerId}_${index}`;

export const JSON_TYPE = 'application/json';
export const SSE_TYPE = 'text/event-stream';
