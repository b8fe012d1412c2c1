import type { Trace } from '../telemetry/trace.ts';
import type { Upstream } from './upstream.ts';

/** The same way, with the phases of the attempt of that number written into a trace. */
export const tracedUpstream = (upstream: Upstream, trace: Trace, attempt: number): Upstream => ({
  dispatch(request, handler, body) {
    let isFirst = true;
    trace.step('sent', { attempt, host: URL.parse(request.url)?.host });
    return upstream.dispatch(
      request,
      {
        onConnected() {
          trace.step('connected', { attempt });
          handler.onConnected();
        },
        onHeaders(status, headers) {
          trace.step('headers', { attempt, status });
          handler.onHeaders(status, headers);
        },
        onData(chunk) {
          if (isFirst) trace.step('first-byte', { attempt });
          isFirst = false;
          handler.onData(chunk);
        },
        onEnd() {
          trace.step('ended', { attempt });
          handler.onEnd();
        },
        onFailure(failure) {
          trace.step('broke', { attempt, kind: failure.kind, code: failure.code, phase: failure.phase });
          handler.onFailure(failure);
        },
      },
      body,
    );
  },
});
