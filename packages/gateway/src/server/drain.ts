import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

import type { Clock } from '@patchbay/llm/model/clock';

/** What is drained, and how long that may take. */
export interface DrainParts {
  readonly server: Server;
  readonly clock: Clock;
  /** Running calls. */
  readonly inFlight: () => number;
  /** Longest wait for them, in milliseconds. */
  readonly drainMs: number;
  /** Called first: from here on health checks say no. */
  readonly announce: () => void;
}

/** How often running calls and open connections are looked at while waiting, in milliseconds. */
const LOOK_MS = 50;
/** Longest time in which clients may take what is already answered, in milliseconds. */
const LAST_BYTES_MS = 1000;

/** Stops taking connections and waits for running calls to end; resolves true when all of them did. */
export async function drain({ server, clock, inFlight, drainMs, announce }: DrainParts): Promise<boolean> {
  announce();
  let open = true;
  // The `close` of an HTTP server, like its `closeIdleConnections`, also destroys connections whose answer is complete
  // but not yet sent: a client that reads slowly would lose the end of it.
  NetServer.prototype.close.call(server, () => (open = false));
  // Clients go on sending over connections they have, until an answer tells them to stop.
  server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  const waitWhile = async (waiting: () => boolean, longestMs: number): Promise<void> => {
    const untilMs = clock.monotonicMs() + longestMs;
    while (waiting() && clock.monotonicMs() < untilMs) await clock.sleep(LOOK_MS);
  };
  await waitWhile(() => inFlight() > 0, drainMs);
  const clean = inFlight() === 0;
  // A call is over when its last bytes are handed to the socket, which may not have sent them yet.
  if (clean) await waitWhile(() => open, Math.min(LAST_BYTES_MS, drainMs));
  server.closeAllConnections();
  return clean;
}
