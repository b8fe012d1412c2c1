import type { Clock } from '../../model/clock.ts';
import { failed, ok } from '../../model/failure.ts';
import type { Exchange, UpstreamResponse } from '../../transport/exchange.ts';
import { simulatorHandler } from './handler.ts';

/**
 * An exchange that never touches the network: the simulator answers every request itself. Answers depend on the
 * request, `clock` and `random` alone.
 */
export function simulatorExchange(deps: { readonly clock: Clock; readonly random: () => number }): Exchange {
  const answer = simulatorHandler(deps);
  return {
    async send(request, signal) {
      const response = await answer({ path: new URL(request.url).pathname, body: textOfBody(request.body) }, signal);
      if (!response) return failed({ kind: 'cancelled', message: 'The request was cancelled.' });
      return ok({ ...response, body: throwOnAbort(response.body, signal) });
    },
  };
}

function textOfBody(body: string | Uint8Array | undefined): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

/** A real connection breaks with the reason of the abort; a simulated one must too. */
async function* throwOnAbort(body: UpstreamResponse['body'], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* body;
  signal.throwIfAborted();
}
