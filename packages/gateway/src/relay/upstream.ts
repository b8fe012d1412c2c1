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

/** Takes the pieces of one request's body. */
export interface PieceTarget {
  /** False when enough waits to be sent: the body is told when it may go on. Pieces nobody wants any more are lost. */
  write(piece: Buffer): boolean;
  /** The body is complete. */
  end(): void;
}

/** A request body that is sent on as it comes. */
export interface UpstreamBody {
  /** Its length in bytes where that is known; it then has to be kept. Otherwise the body goes out in chunks. */
  readonly lengthBytes: number | undefined;
  /** The connection is there: from now on pieces may be written. Called at most once. */
  start(target: PieceTarget): void;
  /** What waited has been sent. */
  onReady(): void;
}

/** The push-style way to an upstream: no promises and no streams between its socket and ours. */
export interface Upstream {
  /** `body` stands in the place of the request's own. */
  dispatch(request: UpstreamRequest, handler: UpstreamHandler, body?: UpstreamBody): UpstreamControl;
}
