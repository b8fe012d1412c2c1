import type { AnswerOf, Asking } from './operation.ts';
import { OPERATIONS, type OperationId, type Operations } from './operations.ts';

/** What a client needs. */
export interface ClientOptions {
  /** Where the gateway is, such as `http://localhost:8000`; empty for the page's own origin. */
  readonly baseUrl: string;
  /** Default: the platform's own. */
  readonly fetch?: typeof fetch;
  /** Headers of each request, such as `authorization`; asked for each time. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

/** The members of a call that its operation has. */
export type Input<Id extends OperationId> = {
  readonly [
    Part in keyof Asking<Operations[Id]> as undefined extends Asking<Operations[Id]>[Part] ? never : Part
  ]: Asking<Operations[Id]>[Part];
} & { readonly signal?: AbortSignal };

/** An answer that was not a success. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(messageOf(body) ?? `The gateway answered with status ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
  }
}

/** Calls operations by their ids; throws `ApiError` for whatever is not a success. */
export interface ManagementClient {
  call<Id extends OperationId>(id: Id, input?: Input<Id>): Promise<AnswerOf<Operations[Id]>>;
}

/** Makes a client of the management interfaces. */
export function createClient(options: ClientOptions): ManagementClient {
  const send = options.fetch ?? globalThis.fetch;
  return {
    async call(id, input) {
      const { params, query, body, signal } = (input ?? {}) as {
        params?: Record<string, string>;
        query?: Record<string, unknown>;
        body?: unknown;
        signal?: AbortSignal;
      };
      const response = await send(`${options.baseUrl}${addressOf(id, { params, query })}`, {
        method: OPERATIONS[id].method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers?.(),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      const answer = contentOf(await response.text());
      if (!response.ok) throw new ApiError(response.status, answer);
      return answer as AnswerOf<Operations[typeof id]>;
    },
  };
}

/** What stands in the address of a request. */
export interface Place {
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

/** Where an operation is asked, from the root of the gateway: for files that a browser fetches by itself. */
export const addressOf = (id: OperationId, { params, query }: Place = {}): string =>
  `${filled(OPERATIONS[id].path, params)}${queryText(query)}`;

const filled = (path: string, params: Readonly<Record<string, string>> = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

function queryText(query: Readonly<Record<string, unknown>> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** An empty body is nothing; one that is no JSON is its text. */
function contentOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error === 'string') return error;
  // The interface that makes decks says `error: true` and the rest beside it.
  const told = error === true ? body : error;
  const message = typeof told === 'object' && told !== null && 'message' in told ? told.message : undefined;
  return typeof message === 'string' ? message : undefined;
}
