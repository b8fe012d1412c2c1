import type { Failure } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

/** Response headers by lower-case name; a repeated header is a list. */
export type UpstreamHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Holds of one running exchange. All three are idempotent and safe after the end. */
export interface UpstreamControl {
  pause(): void;
  resume(): void;
  /** Closes the connection; no callback follows. */
  abort(): void;
}

/** Callbacks of one exchange, in order: connected?, headers, data*, then exactly one of end or failure. */
export interface UpstreamHandler {
  onConnected(): void;
  onHeaders(status: number, headers: UpstreamHeaders): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: Failure): void;
}

/** The push-style way to an upstream: no promises and no streams between its socket and ours. */
export interface Upstream {
  dispatch(request: UpstreamRequest, handler: UpstreamHandler): UpstreamControl;
}
