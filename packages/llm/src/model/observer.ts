import type { StreamEvent } from './event.ts';
import type { Failure } from './failure.ts';
import type { Usage } from './usage.ts';

/** What a call asks for. */
export type CallOperation = 'generate' | 'stream' | 'embed' | 'image' | 'count-tokens' | 'list-models';

/** One call of a client, as it begins. The very same object comes with every later word about the call. */
export interface CallFacts {
  /** Tells a call from all others of this client. */
  readonly id: string;
  readonly operation: CallOperation;
  /** Addresses in the order in which they are tried, as the caller wrote them; never empty. */
  readonly models: readonly string[];
  /** When it began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** What the caller said of the call; empty when nothing. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** One try at one account. The very same object comes with every later word about the attempt. */
export interface AttemptFacts {
  /** From 1, over all providers of the call. */
  readonly number: number;
  readonly providerId: string;
  /** The provider's own name for the model. */
  readonly model: string;
  /** Names the account and is no secret. */
  readonly accountId: string;
}

/** How an attempt ended: `answered` when nothing is said of a failure; `abandoned` when the reader left early. */
export interface AttemptEnd {
  readonly outcome: 'answered' | 'failed' | 'abandoned';
  /** Present exactly when it failed. */
  readonly failure?: Failure;
  /** From its beginning to its end, in milliseconds. */
  readonly latencyMs: number;
  /** The upstream's status and headers by lower-case name, when it answered. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a call ended, and all that it came to. */
export interface CallEnd {
  readonly outcome: 'answered' | 'failed' | 'abandoned';
  /** Present exactly when it failed. */
  readonly failure?: Failure;
  /** Of the last attempt; absent when none was made. */
  readonly providerId?: string;
  readonly model?: string;
  readonly accountId?: string;
  /** Absent when the provider did not say. */
  readonly usage?: Usage;
  /** Whole billionths of a dollar; absent when usage or price is unknown. */
  readonly costNanoUsd?: number;
  /** From the call to its end, in milliseconds. */
  readonly latencyMs: number;
  /** From the call to the first output of a stream, in milliseconds; absent when there was none. */
  readonly firstOutputMs?: number;
  /** Attempts in all. */
  readonly attempts: number;
  /** Attempts after the first. */
  readonly retries: number;
}

/**
 * Is told of calls while they happen: `callStarted (attemptStarted … attemptEnded)* callEnded`, where the last attempt
 * of a stream ends with its call. Each word is optional. An observer returns at once and changes nothing; what it throws
 * is ignored, because watching must not break what is watched.
 */
export interface CallObserver {
  callStarted?(call: CallFacts): void;
  attemptStarted?(call: CallFacts, attempt: AttemptFacts): void;
  attemptEnded?(call: CallFacts, attempt: AttemptFacts, end: AttemptEnd): void;
  /** The first output of a stream has come, `afterMs` milliseconds after the call began: no other target follows. */
  firstOutput?(call: CallFacts, attempt: AttemptFacts, afterMs: number): void;
  /** One event of a stream, just before the caller has it. */
  event?(call: CallFacts, event: StreamEvent): void;
  callEnded?(call: CallFacts, end: CallEnd): void;
}
