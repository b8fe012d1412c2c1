import type { Result } from '../model/failure.ts';

/** One HTTP request to an upstream, ready to send. */
export interface UpstreamRequest {
  /** In upper case: `GET`, `POST` and so on. */
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What an upstream answered. `body` must be read to its end or cancelled with the request's signal. */
export interface UpstreamResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ResponseBody;
}

/** Bytes as they come. Some can be had as one text instead, which is cheaper than their chunks; read them in one way only. */
export type ResponseBody = AsyncIterable<Uint8Array> & { readonly text?: () => Promise<string> };

/** Sends one HTTP request; never follows redirects. A transport fault is a `network`, `timeout` or `cancelled` failure. */
export interface Exchange {
  send(request: UpstreamRequest, signal: AbortSignal): Promise<Result<UpstreamResponse>>;
}
