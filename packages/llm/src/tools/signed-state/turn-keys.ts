import { Digest } from './digest.ts';
import type { Issuer } from './issuer.ts';
import type { SignedTurn } from './signed-turn.ts';
import type { VisibleCall, VisibleContent } from './visible-content.ts';

/** What an answer is known by: what was seen of it, and what came before. */
export interface TurnIdentity {
  readonly content: VisibleContent;
  readonly question: string;
  readonly history: string;
}

/** Counts the shapes that a turn has had, so that no key of a shared store leads to one of another shape. */
const SHAPE = 2;

/** Digits of a digest that make a key; the rest guards against collisions. */
const KEY_DIGITS = 16;

/** No scope can be written so that its keys are those of another: what stands behind it has no colon but its own two. */
const keyOf = (scope: string, kind: string, ...texts: readonly string[]): string => {
  const digest = new Digest();
  for (const text of texts) digest.add(`${text.length}:`).add(text);
  return `${SHAPE}:${scope}:${kind}:${digest.hex().slice(0, KEY_DIGITS)}`;
};

/** One way to know an answer again. */
export interface ContentKey {
  readonly key: string;
  /** Whether the turn found there is the one that was meant, and not another with the same key. */
  readonly fits: (turn: SignedTurn) => boolean;
  /** True where it can hardly be the answer of another conversation that happened to say the same. */
  readonly isSure: boolean;
}

/** What is known of who answered. */
export interface Answerer extends TurnIdentity {
  /** Whose answer is looked for before those of others; default: anybody's. */
  readonly issuer?: Issuer;
}

/**
 * The keys of an answer's content, surest first: in its whole conversation, told by this issuer and by any, and behind
 * the same question, because clients shorten what came before. Its words alone are none: others were answered the same.
 */
export function contentKeys(scope: string, { content, question, history, issuer }: Answerer): readonly ContentKey[] {
  const { calls } = content;
  const asked = (turn: SignedTurn): boolean => turn.content === content.digest && turn.question === question;
  const inConversation = (turn: SignedTurn): boolean => asked(turn) && turn.history === history;
  const all = [content.digest, question, history];
  const keys: ContentKey[] = [{ key: keyOf(scope, 'history', ...all), fits: inConversation, isSure: true }];
  if (issuer !== undefined) {
    const by = [issuer.format, issuer.provider, issuer.account];
    keys.unshift({ key: keyOf(scope, 'issuer', ...all, ...by), fits: inConversation, isSure: true });
  }
  // Calls are named: under other names they are another's, unless all that was said before agrees.
  if (calls.length > 0) return keys;
  return [...keys, { key: keyOf(scope, 'question', content.digest, question), fits: asked, isSure: false }];
}

/** The key of one call. Some providers count calls anew in every answer, so an id alone tells nothing. */
export const callKey = (scope: string, { id, digest }: VisibleCall): string => keyOf(scope, 'call', id, digest);

/** Every key under which an answer is kept. */
export const turnKeys = (scope: string, identity: Answerer): readonly string[] => [
  ...new Set([
    ...contentKeys(scope, identity).map(({ key }) => key),
    ...identity.content.calls.filter(({ id }) => id !== '').map((call) => callKey(scope, call)),
  ]),
];
