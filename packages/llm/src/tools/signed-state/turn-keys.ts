import { Digest } from './digest.ts';
import type { SignedTurn } from './signed-turn.ts';
import type { VisibleCall, VisibleContent } from './visible-content.ts';

/** What an answer is known by: what was seen of it, and what came before. */
export interface TurnIdentity {
  readonly content: VisibleContent;
  readonly question: string;
  readonly history: string;
}

/** Fewer visible units of text ("Done.") are said too often to know an answer by them alone. */
const TELLING_CHARS = 24;

/** Counts the shapes that a turn has had, so that no key of a shared store leads to one of another shape. */
const SHAPE = 1;

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
}

/**
 * The keys of an answer's content, surest first: in its whole conversation, behind the same question, and by itself
 * where it is long enough, because clients edit and shorten what came before.
 */
export function contentKeys(scope: string, { content, question, history }: TurnIdentity): readonly ContentKey[] {
  const same = (turn: SignedTurn): boolean => turn.content === content.digest;
  const asked = (turn: SignedTurn): boolean => same(turn) && turn.question === question;
  const keys: ContentKey[] = [
    {
      key: keyOf(scope, 'history', content.digest, question, history),
      fits: (turn) => asked(turn) && turn.history === history,
    },
    { key: keyOf(scope, 'question', content.digest, question), fits: asked },
  ];
  if (content.chars >= TELLING_CHARS) keys.push({ key: keyOf(scope, 'content', content.digest), fits: same });
  return keys;
}

/** The key of one call. Some providers count calls anew in every answer, so an id alone tells nothing. */
export const callKey = (scope: string, { id, digest }: VisibleCall): string => keyOf(scope, 'call', id, digest);

/** Every key under which an answer is kept. */
export const turnKeys = (scope: string, identity: TurnIdentity): readonly string[] => [
  ...new Set([
    ...contentKeys(scope, identity).map(({ key }) => key),
    ...identity.content.calls.filter(({ id }) => id !== '').map((call) => callKey(scope, call)),
  ]),
];
