import type { Attachment } from './attachments/attachment.ts';

/** How an answer stands. */
export type ReplyState = 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';

/** A tool that a model wants to be called, as far as its arguments have come. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
  /** What was answered by hand; absent until then. */
  readonly result?: string;
}

/** What of the call a provider could not be told, and what happened to it instead. */
export interface Loss {
  readonly path: string;
  readonly instead: string;
}

/** What one model answered to one call, as far as it has come. */
export interface Reply {
  readonly model: string;
  readonly state: ReplyState;
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCall[];
  readonly losses: readonly Loss[];
  /** Why it ended, in the dialect's word. */
  readonly finish?: string;
  /** What went wrong, in the gateway's own words. */
  readonly error?: string;
  readonly requestId?: string;
  /** Until the first word or thought, in milliseconds, as seen by this page. */
  readonly firstMs?: number;
  readonly tookMs?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** A question and, for each of the models beside one another, its answers: another one after each round of tools. */
export interface Turn {
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly lanes: readonly (readonly Reply[])[];
}

/** One message, before it is written in a dialect. */
export type Message =
  | { readonly role: 'user'; readonly text: string; readonly attachments: readonly Attachment[] }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly name: string; readonly result: string };

/** An answer of which nothing has come yet. */
export const waiting = (model: string): Reply => ({
  model,
  state: 'waiting',
  text: '',
  reasoning: '',
  calls: [],
  losses: [],
});

/** True while an answer may still grow. */
export const isOpen = ({ state }: Reply): boolean => state === 'waiting' || state === 'streaming';

/** True while any answer may still grow. */
export const isBusy = (turns: readonly Turn[]): boolean =>
  turns.at(-1)?.lanes.some((lane) => lane.some(isOpen)) ?? false;

/** True where tools were called and not all of them have an answer. */
export const isAsking = ({ state, calls }: Reply): boolean =>
  state === 'done' && calls.some(({ result }) => result === undefined);

/**
 * What one of the models is to know of the conversation, the last turn being the question that is open. For turns before
 * it was there, the first model's answer stands in; turns without an answer are left out, since two questions in a row
 * are refused by some providers, and so are calls of tools that were never answered.
 */
export const messagesFor = (turns: readonly Turn[], lane: number): readonly Message[] =>
  turns.flatMap((turn, at): readonly Message[] => {
    const said = (turn.lanes[lane] ?? turn.lanes[0] ?? []).flatMap(messagesOf);
    if (said.length === 0 && at < turns.length - 1) return [];
    return [{ role: 'user', text: turn.text, attachments: turn.attachments }, ...said];
  });

function messagesOf({ text, calls }: Reply): readonly Message[] {
  const results = calls.flatMap(({ id, name, result }): readonly Message[] =>
    result === undefined ? [] : [{ role: 'tool', callId: id, name, result }],
  );
  if (calls.length > 0 && results.length === calls.length) return [{ role: 'assistant', text, calls }, ...results];
  return text === '' ? [] : [{ role: 'assistant', text, calls: [] }];
}

/** The conversation with another state of one lane of its last turn. */
export const withLane = (
  turns: readonly Turn[],
  lane: number,
  change: (replies: readonly Reply[]) => readonly Reply[],
): readonly Turn[] =>
  turns.map((turn, at) =>
    at === turns.length - 1
      ? { ...turn, lanes: turn.lanes.map((replies, of) => (of === lane ? change(replies) : replies)) }
      : turn,
  );

/** The conversation without what one of the models said; turns where it alone answered stay. */
export const withoutLane = (turns: readonly Turn[], lane: number): readonly Turn[] =>
  turns.map((turn) => (turn.lanes.length > 1 ? { ...turn, lanes: turn.lanes.filter((_, of) => of !== lane) } : turn));
