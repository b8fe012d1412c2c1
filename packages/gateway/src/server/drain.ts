import type { Server } from 'node:http';

import type { Clock } from '@patchbay/llm/model/clock';

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

/** How often running calls are counted while waiting, in milliseconds. */
const LOOK_MS = 50;

/** Stops taking connections and waits for running calls to end; resolves true when all of them did. */
export async function drain(parts: DrainParts): Promise<boolean> {
  parts.announce();
  parts.server.close();
  parts.server.closeIdleConnections();
  const untilMs = parts.clock.monotonicMs() + parts.drainMs;
  while (parts.inFlight() > 0 && parts.clock.monotonicMs() < untilMs) await parts.clock.sleep(LOOK_MS);
  const clean = parts.inFlight() === 0;
  parts.server.closeAllConnections();
  return clean;
}
