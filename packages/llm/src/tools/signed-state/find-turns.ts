import type { Message } from '../../model/message.ts';
import type { AssistantRun, Conversation } from './conversation.ts';
import type { Issuer } from './issuer.ts';
import { piecesOf, type Piece } from './piece.ts';
import type { KnownCall, KnownCalls } from './place-near-calls.ts';
import type { SignedTurn } from './signed-turn.ts';
import type { StateStore } from './state-store.ts';
import { callKey, contentKeys, type ContentKey } from './turn-keys.ts';
import { visibleContent, type VisibleCall, type VisibleContent } from './visible-content.ts';

/** Assistant messages in which remembered answers were found: one that is all there, or single calls. */
export interface FoundTurn {
  /** Index of the first message, and the index behind the last. */
  readonly from: number;
  readonly to: number;
  readonly pieces: readonly Piece[];
  readonly known: { readonly turn: SignedTurn } | { readonly calls: KnownCalls };
  /** Whether it is an answer of this conversation, and not perhaps of another that said the same. */
  readonly isSure: boolean;
}

/** Where answers are looked for. */
export interface Wanted extends Pick<Conversation, 'runs'> {
  readonly messages: readonly Message[];
  /** Whose answers are looked for before those of others. */
  readonly issuer?: Issuer;
}

/** Messages that may be one answer. */
interface Candidate {
  readonly from: number;
  readonly to: number;
  readonly content: VisibleContent;
  readonly keys: readonly ContentKey[];
  readonly calls: readonly KeyedCall[];
}

interface KeyedCall extends VisibleCall {
  readonly key: string;
}

/** What the store had, and where in those answers each call is. */
interface Lookup {
  readonly messages: readonly Message[];
  readonly byKey: ReadonlyMap<string, SignedTurn>;
  readonly slots: Map<SignedTurn, ReadonlyMap<string, number>>;
  /** Turns that have found their message: what is said again is another answer, even if nothing is known of it. */
  readonly used: Set<SignedTurn>;
}

/** Finds the remembered answers of a conversation, first to last, with one question to the store. */
export async function findTurns(
  store: StateStore,
  scope: string,
  { messages, runs, issuer }: Wanted,
): Promise<readonly FoundTurn[]> {
  if (runs.length === 0) return [];
  const candidates = runs.map((run) => candidatesOf(scope, run, { messages, issuer }));
  const keys = [...new Set(candidates.flat().flatMap((each) => [...each.keys, ...each.calls].map(({ key }) => key)))];
  const byKey = turnsByKey(keys, await store.get(keys));
  if (byKey.size === 0) return [];
  const lookup = { messages, byKey, slots: new Map(), used: new Set<SignedTurn>() };
  const sure = candidates.map(([whole]) => whole && wholeTurn(whole, lookup, sureWays(whole)));
  // The latest first: of answers that cannot be told apart, the store has the latest.
  const found = candidates.map((ofRun, at) => [sure[at], ofRun] as const).toReversed();
  return found
    .flatMap(([turn, ofRun]) => (turn === undefined ? foundIn(ofRun, lookup).toReversed() : [turn]))
    .toReversed();
}

/** A run as a whole, and behind it each of its messages where it has several. */
function candidatesOf(
  scope: string,
  run: AssistantRun,
  { messages, issuer }: Pick<Wanted, 'messages'> & { readonly issuer: Issuer | undefined },
): readonly Candidate[] {
  const { from, to, question, history } = run;
  const candidate = (start: number, end: number, content: VisibleContent): Candidate => ({
    from: start,
    to: end,
    content,
    keys: contentKeys(scope, { content, question, history, ...(issuer && { issuer }) }),
    calls: content.calls.map((call) => ({ ...call, key: callKey(scope, call) })),
  });
  const whole = candidate(from, to, run.content);
  if (to - from === 1) return [whole];
  const singles = messages.slice(from, to).map(({ content }, at) => {
    return candidate(from + at, from + at + 1, visibleContent(content));
  });
  return [whole, ...singles];
}

/** A store may hand out copies: the same answer is one object here, whatever it was found by. */
function turnsByKey(
  keys: readonly string[],
  turns: readonly (SignedTurn | undefined)[],
): ReadonlyMap<string, SignedTurn> {
  const byIdentity = new Map<string, SignedTurn>();
  const byKey = new Map<string, SignedTurn>();
  for (const [index, key] of keys.entries()) {
    const turn = turns[index];
    if (turn === undefined) continue;
    const identity = JSON.stringify([turn.content, turn.question, turn.history, turn.issuer]);
    const same = byIdentity.get(identity) ?? turn;
    byIdentity.set(identity, same);
    byKey.set(key, same);
  }
  return byKey;
}

function foundIn([whole, ...singles]: readonly Candidate[], lookup: Lookup): readonly FoundTurn[] {
  if (whole === undefined) return [];
  const found = wholeTurn(whole, lookup, allWays(whole));
  if (found !== undefined) return [found];
  if (singles.length === 0) return callsIn([whole], lookup);
  const turns: FoundTurn[] = [];
  let unknown: Candidate[] = [];
  for (const single of singles) {
    const turn = wholeTurn(single, lookup, allWays(single));
    if (turn === undefined) unknown.push(single);
    else {
      turns.push(...callsIn(unknown, lookup), turn);
      unknown = [];
    }
  }
  return [...turns, ...callsIn(unknown, lookup)];
}

/** Ways to know an answer in its very conversation, with its calls first: the same may have been said twice. */
function sureWays({ keys, calls }: Candidate): readonly ContentKey[] {
  const sure = keys.filter(({ isSure }) => isSure);
  const [history] = sure;
  return history === undefined ? [] : [...calls.map(({ key }) => ({ ...history, key })), ...sure];
}

/** All ways to know an answer that shows what was seen of it: by its conversation, its calls, its question. */
function allWays(candidate: Candidate): readonly ContentKey[] {
  const { content, keys, calls } = candidate;
  const fits = (turn: SignedTurn): boolean => turn.content === content.digest;
  return [
    ...sureWays(candidate),
    ...calls.map(({ key }) => ({ key, fits, isSure: true })),
    ...keys.filter(({ isSure }) => !isSure),
  ];
}

function wholeTurn(
  { from, to }: Candidate,
  { byKey, messages, used }: Lookup,
  ways: readonly ContentKey[],
): FoundTurn | undefined {
  for (const { key, fits, isSure } of ways) {
    const turn = byKey.get(key);
    if (turn === undefined || used.has(turn) || !fits(turn)) continue;
    used.add(turn);
    return { from, to, pieces: piecesOf(messages, from, to), known: { turn }, isSure };
  }
  return undefined;
}

/** The calls of adjacent candidates that remembered answers made. */
function callsIn(candidates: readonly Candidate[], lookup: Lookup): readonly FoundTurn[] {
  const [first, last] = [candidates[0], candidates.at(-1)];
  if (first === undefined || last === undefined) return [];
  const keyed = candidates.flatMap(({ calls }) => calls);
  if (!keyed.some(({ key }) => lookup.byKey.has(key))) return [];
  const pieces = piecesOf(lookup.messages, first.from, last.to);
  const calls = new Map<number, KnownCall>();
  let next = 0;
  for (const [index, { part }] of pieces.entries()) {
    if (part.type !== 'tool-call') continue;
    const known = knownCall(keyed[next], lookup);
    next += 1;
    if (known !== undefined) calls.set(index, known);
  }
  return calls.size > 0 ? [{ from: first.from, to: last.to, pieces, known: { calls }, isSure: true }] : [];
}

function knownCall(call: KeyedCall | undefined, { byKey, slots, used }: Lookup): KnownCall | undefined {
  const turn = call === undefined ? undefined : byKey.get(call.key);
  if (call === undefined || turn === undefined || used.has(turn)) return undefined;
  const ofTurn = slots.get(turn) ?? slotsByCall(turn);
  slots.set(turn, ofTurn);
  const slot = ofTurn.get(identityOf(call));
  return slot === undefined ? undefined : { turn, slot };
}

const slotsByCall = ({ slots }: SignedTurn): ReadonlyMap<string, number> =>
  new Map(slots.flatMap((slot, at): [string, number][] => (slot.kind === 'call' ? [[identityOf(slot), at]] : [])));

const identityOf = ({ id, digest }: VisibleCall): string => `${digest}:${id}`;
