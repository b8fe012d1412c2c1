import type { GrammarRule } from '@patchbay/llm/model/event-grammar';
import type { WireFormatId } from '@patchbay/llm/model/extras';
import type { FailureKind, TimeoutPhase } from '@patchbay/llm/model/failure';
import type { ServedFormatId } from '@patchbay/llm/wire/registry';
import type { Usage } from '@patchbay/llm/model/usage';

import type { CallTap } from './payloads/tap.ts';
import type { Trace } from './trace.ts';

/** How an attempt or a whole call ended. `cancelled` means that the client left. */
export type CallState = 'success' | 'failed' | 'cancelled';

/** A translated stream left the grammar of events: `format` is the upstream's, whose reading was at fault. */
export interface GrammarViolation {
  readonly format: WireFormatId;
  readonly rule: GrammarRule;
}

/** What is known of the cost of an attempt. */
export type CostState = 'known' | 'assumed' | 'unknown';

/** One try at one upstream: becomes exactly one row of `request_logs`. Times in milliseconds. */
export interface AttemptRecord {
  /** From 1, within the call. */
  readonly number: number;
  readonly providerId: string;
  /** Name of the account in our books; never the credential. */
  readonly accountId: string;
  /** The name sent upstream. */
  readonly model: string;
  readonly startedAtMs: number;
  latencyMs: number;
  /** Until the first output event; absent when there was none. */
  firstTokenMs?: number;
  state: CallState;
  /** The upstream's HTTP status, when it answered. */
  status?: number;
  failureKind?: FailureKind;
  failurePhase?: TimeoutPhase;
  /** For lines of the log and for counting: the kind and the vendor's word for it. */
  error?: string;
  /** For its row alone: what was said, in a few hundred characters, without anything that looks like a credential. */
  said?: string;
  usage?: Usage;
  /** Number of the outbound proxy that it went through. */
  proxyId?: number;
  /** Whole billionths of a dollar, 0 where it was free; absent where nobody knows, or nothing was used. */
  costNanoUsd?: number;
  /** `assumed`: a rate that the price list lacks was taken for its nearest. Absent where nothing is known to be used. */
  costState?: CostState;
  /** Absent when there were none; each rule once. */
  violations?: readonly GrammarViolation[];
}

/** One wide record per client request, filled by stages and emitted once at its end. Its own members hold no payload and no secret. */
export interface CallRecord {
  readonly requestId: string;
  readonly startedAtMs: number;
  readonly clientFormat: ServedFormatId;
  readonly route: string;
  /** Version of what could be called when the call came in. */
  readonly registryVersion: number;
  /** Public id of the data-plane key. */
  keyId?: string;
  /** The model as the client wrote it, at most 200 characters. */
  requestedModel: string;
  stream: boolean;
  /** True when bytes passed untouched. */
  express: boolean;
  /** Status sent to the client. */
  status: number;
  state: CallState;
  durationMs: number;
  readonly attempts: AttemptRecord[];
  /** `path: what (instead)` of everything the translation could not carry. */
  losses: readonly string[];
  /** The limit that refused the call, e.g. `key requests per minute`; never anything that a caller chose. */
  refusedBy?: string;
  /** Whose soft budget was spent when the call was admitted, e.g. `key`. */
  softBudget?: string;
  /** The caller's span, as its header names it; goes to our own spans and nowhere else. */
  readonly traceparent?: string;
  /** Hears the bodies of the call where they are to be kept; a record's readers leave it alone. */
  readonly tap?: CallTap;
  /** Hears every decision with its time where the caller wants a trace; a record's readers leave it alone. */
  readonly trace?: Trace;
}

/** Takes finished records. Must return at once: writing happens later and elsewhere. */
export interface CallSink {
  record(call: CallRecord): void;
}
