import { failed, ok } from '../../model/failure.ts';
import type { Exchange, UpstreamResponse } from '../../transport/exchange.ts';
import { simulatorHandler, type SimulatorDeps } from './handler.ts';

/**
 * An exchange that never touches the network: the simulator answers every request itself. Answers depend on the
 * request, `clock` and `random` alone.
 */
export function simulatorExchange(deps: SimulatorDeps): Exchange {
  const answer = simulatorHandler(deps);
  return {
    async send(request, signal) {
      const body = textOfBody(request.body);
      const { pathname: path } = new URL(request.url);
      const response = await answer({ path, body, arrived: { ...request, body } }, signal);
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
