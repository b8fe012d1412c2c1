import type { AnswerOf, Asked, OperationFailure, OperationId, Operations } from '@patchbay/contract';

import type { Progress } from '../generation/ports.ts';
import type { Principal } from '../identity/principal.ts';
import type { SessionCookie } from '../identity/session-cookie.ts';
import type { CallRecord } from '../telemetry/call-record.ts';

/** What surrounds a request. */
export interface Circumstances {
  /** Absent on public routes for those who show no credential. */
  readonly principal: Principal | undefined;
  readonly requestId: string;
  /** Address of the socket's other end. */
  readonly peer: string;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** Where the caller reached the gateway, such as `http://localhost:8000`; absent where nobody needs to know. */
  readonly origin?: string;
  /** Hears how a long work goes on; absent where the caller waits for its end alone. */
  readonly tell?: (progress: Progress) => void;
  /** Where decisions are written down; absent where the caller wants no trace. */
  readonly trace?: NonNullable<CallRecord['trace']>;
}

/** A change for the audit log. Secrets have been removed from `before` and `after`. */
export interface Change {
  readonly resource: string;
  readonly resourceId?: string;
  readonly before?: object;
  readonly after?: object;
}

/** What a handler answers: the operation's output, or a failure. */
export type Answer<Value> =
  | {
      readonly ok: true;
      readonly value: Value;
      /** What was changed; the interface writes it to the audit log with who and when. */
      readonly changes?: readonly Change[];
      /** The session that the caller's browser shall keep, or forget. */
      readonly cookie?: SessionCookie;
      /** What the answer says besides, by lower-case name. */
      readonly headers?: Readonly<Record<string, string>>;
      /** Instead of the operation's own status. */
      readonly status?: number;
      /** What a browser may do on an answer that is a page, as a content security policy. Default: nothing. */
      readonly policy?: string;
      /** The body of an answer that is a file. */
      readonly file?: { readonly name: string; readonly contentType: string; readonly bytes: Buffer };
      /** What the last event says of an answer that is told event by event, where that is not the value. */
      readonly said?: object;
      /** The body of an answer that goes on: made piece by piece as the client reads. With a name it is a file. */
      readonly pieces?: { readonly name?: string; readonly of: AsyncIterable<string> };
    }
  | { readonly ok: false; readonly failure: OperationFailure };

/** Carries one operation out. Who may is decided before; input is validated and its defaults are filled in. */
export type Handler<Id extends OperationId> = (
  asked: Asked<Operations[Id]>,
  circumstances: Circumstances,
) => Promise<Answer<AnswerOf<Operations[Id]>>>;

/** A handler for each of some operations. A gateway without one for every operation does not compile. */
export type Handlers<Ids extends OperationId = OperationId> = { readonly [Id in Ids]: Handler<Id> };

/** The answer of an operation that went well, with what it changed. */
export const done = <Value>(value: Value, ...changes: readonly Change[]): Answer<Value> => ({
  ok: true,
  value,
  changes,
});

/** The answer of an operation that did not. */
export const refused = (failure: OperationFailure): { readonly ok: false; readonly failure: OperationFailure } => ({
  ok: false,
  failure,
});
