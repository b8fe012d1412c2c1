import type { Secret } from '@patchbay/llm/credentials/secret';

import type { CallRecord } from '../telemetry/call-record.ts';
import type { ExchangeTap } from '../telemetry/payloads/tap.ts';
import { tracedUpstream } from './traced-upstream.ts';
import type { PieceTarget, Upstream, UpstreamBody, UpstreamHandler } from './upstream.ts';

/**
 * The way of the attempt that the record began last, heard by the call's tap: bodies alone, with what presented the
 * account hidden; a trace gets to know its phases. Without either it is the very same way.
 */
export function tappedUpstream(
  way: Upstream,
  { tap, trace, attempts }: Pick<CallRecord, 'tap' | 'trace' | 'attempts'>,
  secretsOf: () => readonly Secret[],
): Upstream {
  const upstream = trace === undefined ? way : tracedUpstream(way, trace, attempts.length);
  if (tap === undefined) return upstream;
  return {
    dispatch(request, handler, body) {
      const exchange = tap.exchange(attempts.length, secretsOf());
      if (request.body !== undefined && body === undefined) exchange.sent(request.body);
      return upstream.dispatch(request, heardHandler(handler, exchange), body && heardBody(body, exchange));
    },
  };
}

const heardHandler = (handler: UpstreamHandler, exchange: ExchangeTap): UpstreamHandler => ({
  onConnected: () => handler.onConnected(),
  onHeaders: (status, headers) => handler.onHeaders(status, headers),
  onData(chunk) {
    exchange.received(chunk);
    handler.onData(chunk);
  },
  onEnd: () => handler.onEnd(),
  onFailure: (failure) => handler.onFailure(failure),
});

const heardBody = (body: UpstreamBody, exchange: ExchangeTap): UpstreamBody => ({
  lengthBytes: body.lengthBytes,
  start: (target) => body.start(heardTarget(target, exchange)),
  onReady: () => body.onReady(),
});

const heardTarget = (target: PieceTarget, exchange: ExchangeTap): PieceTarget => ({
  write(piece) {
    exchange.sent(piece);
    return target.write(piece);
  },
  end: () => target.end(),
});
