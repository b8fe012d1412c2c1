import type * as z from 'zod/mini';

import type { FailureCode } from './failures.ts';
import type { Permission } from './permissions.ts';

/** HTTP methods that operations use. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The interface that an operation belongs to; it decides letter case, envelope and the shape of failures. */
export type Face = 'catalogue' | 'accounts' | 'generation' | 'kit';

type Schema = z.ZodMiniType;

/** One thing that can be done over HTTP, as data. */
export interface Operation<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Output extends Schema = Schema,
> {
  /** Name in the client and in handlers: `providers.create`. */
  readonly id: string;
  readonly face: Face;
  readonly method: Method;
  /** Parameters stand in braces: `/api/admin/providers/{id}`. Literal paths win over parameters. */
  readonly path: string;
  /** Other paths for the same operation. */
  readonly aliases?: readonly string[];
  /** Who may: everyone (`public`), everyone who has signed in (`signed-in`), or whoever holds the permission. */
  readonly permission: Permission | 'public' | 'signed-in';
  /** One line for the documentation. */
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** True when a request without a body is meant to be one with an empty object. */
  readonly bodyOptional?: boolean;
  /** Absent for answers without a body. */
  readonly output?: Output;
  /** Status of success. Default 200, or 204 without an output. */
  readonly status?: number;
  /** Codes besides those that every operation can answer: 400, 401, 403, 429, 500, 503. */
  readonly failures?: readonly FailureCode[];
  /** Set for answers that are not JSON, such as a downloaded file. */
  readonly contentType?: string;
  /** True when it reads only: it is then kept out of the audit log. Default: true for GET alone. */
  readonly reads?: boolean;
  /**
   * True where being refused is an answer that callers count on, as a page does that asks who is signed in: such a
   * refusal is nobody's mistake and is not told to whoever looks after the gateway. Default false.
   */
  readonly refusalIsExpected?: boolean;
}

/** Declares an operation with the types of its schemas. */
export const operation = <
  Params extends Schema = z.ZodMiniNever,
  Query extends Schema = z.ZodMiniNever,
  Body extends Schema = z.ZodMiniNever,
  Output extends Schema = z.ZodMiniNever,
>(
  declared: Operation<Params, Query, Body, Output>,
): Operation<Params, Query, Body, Output> => declared;

type Read<S> = S extends Schema ? ([z.output<S>] extends [never] ? undefined : z.output<S>) : undefined;
type Written<S> = S extends Schema ? ([z.input<S>] extends [never] ? undefined : z.input<S>) : undefined;

/** What a handler gets of a request, validated and with defaults filled in. */
export interface Asked<Op> {
  readonly params: Op extends Operation<infer P, Schema, Schema, Schema> ? Read<P> : never;
  readonly query: Op extends Operation<Schema, infer Q, Schema, Schema> ? Read<Q> : never;
  readonly body: Op extends Operation<Schema, Schema, infer B, Schema> ? Read<B> : never;
}

/** What a caller writes. */
export interface Asking<Op> {
  readonly params: Op extends Operation<infer P, Schema, Schema, Schema> ? Written<P> : never;
  readonly query: Op extends Operation<Schema, infer Q, Schema, Schema> ? Written<Q> : never;
  readonly body: Op extends Operation<Schema, Schema, infer B, Schema> ? Written<B> : never;
}

/** What an operation answers. */
export type AnswerOf<Op> = Op extends Operation<Schema, Schema, Schema, infer O> ? Read<O> : never;
