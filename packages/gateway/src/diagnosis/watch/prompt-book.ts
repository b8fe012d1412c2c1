import { hash } from 'node:crypto';

import type { Clock } from '@patchbay/llm/model/clock';

import type { AttemptRecord, CallRecord } from '../../telemetry/call-record.ts';

/** What of a request was not as in the one before it, so that the provider could not use what it had kept of it. */
export type BrokenSegment = 'system' | 'tools' | 'earlier-message' | 'account';

/** Breaks of one kind in the conversations with one model, within the last hour. */
export interface PromptBreaks {
  readonly providerId: string;
  readonly model: string;
  readonly segment: BrokenSegment;
  readonly times: number;
  /** Tokens that were in the provider's cache and had to be paid in full again. */
  readonly tokensLost: number;
  /** Which message changed, counted from 1, where it was one. */
  readonly message?: number;
}

/** Hashes of a prompt's parts: never a word of it. */
interface Prompt {
  readonly system: string;
  readonly tools: string;
  readonly turns: readonly string[];
}

interface Known extends Prompt {
  readonly accountId: string;
  readonly cachedTokens: number;
  readonly atMs: number;
}

/** Smaller requests are below what any provider keeps, larger ones take too long to look at, in bytes. */
const BODY_BYTES = { least: 3000, most: 1024 * 1024 };
/** What is looked at, in bytes a second and at once: a few milliseconds of every second at most. */
const PACE_BYTES = { second: 512 * 1024, once: 4 * 1024 * 1024 };
const WAITING_MOST = 16;
const CONVERSATIONS_MOST = 2000;
const TURNS_MOST = 1000;
/** Providers forget what was not asked for after about as long, in milliseconds. */
const KEPT_MS = 300_000;
const LATELY_MS = 3_600_000;
const BREAKS_MOST = 500;

interface Broken {
  readonly atMs: number;
  readonly providerId: string;
  readonly model: string;
  readonly segment: BrokenSegment;
  readonly tokensLost: number;
  readonly message?: number;
}

/**
 * Learns why prompt caches miss: keeps hashes of each conversation's parts and compares the next request with them, after
 * the answer and a little at a time. What is not looked at because too much comes is passed over.
 */
export class PromptBook {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #conversations = new Map<string, Known>();
  readonly #broken: Broken[] = [];
  #waiting = 0;
  #roomBytes = PACE_BYTES.once;
  #roomAtMs: number;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
    this.#roomAtMs = clock.monotonicMs();
  }

  /** A call has ended; `body` is what its client sent. */
  note(call: CallRecord, body: Uint8Array): void {
    const attempt = call.attempts.at(-1);
    if (attempt?.state !== 'success' || attempt.usage === undefined) return;
    const cached = attempt.usage.cacheReadTokens + attempt.usage.cacheWriteTokens;
    if (body.length < BODY_BYTES.least || body.length > BODY_BYTES.most) return;
    if ((cached === 0 && this.#conversations.size === 0) || this.#waiting >= WAITING_MOST) return;
    if (!this.#hasRoom(body.length)) return;
    this.#waiting += 1;
    setImmediate(() => {
      this.#waiting -= 1;
      this.#look(call, attempt, body);
    });
  }

  /** Where conversations broke, the costliest first. */
  breaks(): readonly PromptBreaks[] {
    const oldestMs = this.#clock.monotonicMs() - LATELY_MS;
    const sums = new Map<string, PromptBreaks>();
    for (const { atMs, tokensLost, ...broken } of this.#broken) {
      if (atMs < oldestMs) continue;
      const name = `${broken.providerId}/${broken.model} ${broken.segment}`;
      const sum = sums.get(name) ?? { ...broken, times: 0, tokensLost: 0 };
      sums.set(name, { ...sum, times: sum.times + 1, tokensLost: sum.tokensLost + tokensLost });
    }
    return [...sums.values()].toSorted((one, other) => other.tokensLost - one.tokensLost);
  }

  #hasRoom(bytes: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const gained = ((nowMs - this.#roomAtMs) / 1000) * PACE_BYTES.second;
    this.#roomAtMs = nowMs;
    this.#roomBytes = Math.min(PACE_BYTES.once, this.#roomBytes + gained);
    if (this.#roomBytes < bytes) return false;
    this.#roomBytes -= bytes;
    return true;
  }

  #look(call: CallRecord, attempt: AttemptRecord, body: Uint8Array): void {
    const read = readPrompt(body);
    if (read === undefined) return;
    const { providerId, model, accountId, usage } = attempt;
    const name = hashed([call.keyId ?? '', providerId, model, read.conversation]);
    const before = this.#conversations.get(name);
    const atMs = this.#clock.monotonicMs();
    const { cacheReadTokens = 0, cacheWriteTokens = 0 } = usage ?? {};
    const now: Known = { ...read.prompt, accountId, cachedTokens: cacheReadTokens + cacheWriteTokens, atMs };
    this.#keep(name, now);
    if (before === undefined || atMs - before.atMs > KEPT_MS) return;
    const tokensLost = before.cachedTokens - cacheReadTokens;
    const found = tokensLost > 0 ? breakBetween(before, now) : undefined;
    if (found === undefined) return;
    this.#broken.push({ atMs, providerId, model, tokensLost, ...found });
    if (this.#broken.length > BREAKS_MOST) this.#broken.shift();
  }

  #keep(name: string, known: Known): void {
    this.#conversations.delete(name);
    this.#conversations.set(name, known);
    const [oldest] = this.#conversations.keys();
    if (this.#conversations.size > CONVERSATIONS_MOST && oldest !== undefined) this.#conversations.delete(oldest);
  }
}

/** What broke between two requests of one conversation; `undefined` where nothing did, or where they may be of two. */
function breakBetween(before: Known, now: Known): Pick<Broken, 'segment' | 'message'> | undefined {
  if (now.turns.length < before.turns.length) return undefined;
  const changed = before.turns.findIndex((turn, at) => turn !== now.turns[at]);
  if (changed >= 0) {
    // Only where what stands behind it is as it was is it the same conversation, and not one that began like it.
    const isSame = changed < before.turns.length - 1 && before.turns.at(-1) === now.turns[before.turns.length - 1];
    return isSame ? { segment: 'earlier-message', message: changed + 1 } : undefined;
  }
  if (before.tools !== now.tools) return { segment: 'tools' };
  if (before.system !== now.system) return { segment: 'system' };
  return before.accountId === now.accountId ? undefined : { segment: 'account' };
}

const TURNS = ['messages', 'contents', 'input'] as const;
const SYSTEMS = ['system', 'instructions', 'systemInstruction', 'system_instruction'] as const;

/** The parts of a request in any dialect, as hashes; `undefined` where it has no turns. */
function readPrompt(body: Uint8Array): { readonly conversation: string; readonly prompt: Prompt } | undefined {
  const json = parsed(body);
  const turns = json && TURNS.map((name) => json[name]).find((each) => Array.isArray(each));
  if (json === undefined || !Array.isArray(turns) || turns.length > TURNS_MOST) return undefined;
  const isSystem = (turn: unknown): boolean => /^(?:system|developer)$/.test(String((turn as Json | null)?.['role']));
  const said = turns.filter((turn) => !isSystem(turn));
  const system = hashed([SYSTEMS.map((name) => json[name]), turns.filter(isSystem)]);
  const hashes = said.map(hashed);
  // Instructions may change within a conversation, which is what is looked for: they do not name it.
  const conversation = hashed(json['prompt_cache_key'] ?? hashes[0]);
  return { conversation, prompt: { system, tools: hashed(json['tools']), turns: hashes } };
}

type Json = Readonly<Record<string, unknown>>;

function parsed(body: Uint8Array): Json | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** Marks of where to cache move on with every turn and change nothing of what is cached. */
const withoutMarks = (key: string, value: unknown): unknown => (key === 'cache_control' ? undefined : value);

const hashed = (value: unknown): string =>
  hash('sha256', JSON.stringify(value, withoutMarks) ?? '', 'base64url').slice(0, 12);
