import type { Clock } from '@patchbay/llm/model/clock';
import pg from 'pg';

import { connectionOf, type PostgresParts } from './postgres.ts';

/** How long a listener that was cut off waits before it connects again, in milliseconds. */
const AGAIN_MS = 1000;

/** Hears what the database notifies on `channel`, and connects again whenever it was cut off; returns how to stop. */
export function listenTo(
  channel: string,
  parts: PostgresParts & { readonly clock: Clock },
  onNotice: () => void,
): () => Promise<void> {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await hear(channel, parts, onNotice, stopping.signal);
      await parts.clock.sleep(AGAIN_MS, stopping.signal);
    }
  })();
  return () => {
    stopping.abort();
    return running;
  };
}

/** Resolves when the connection has ended, or `signal` says so. */
async function hear(channel: string, parts: PostgresParts, onNotice: () => void, signal: AbortSignal): Promise<void> {
  // Without a limit for statements: this connection does nothing but wait.
  const client = new pg.Client(connectionOf({ ...parts, statementMs: 0 }));
  const ended = Promise.withResolvers<void>();
  const end = (): void => ended.resolve();
  client.on('notification', onNotice).on('error', end).on('end', end);
  signal.addEventListener('abort', end);
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
    // Something may have changed while nobody listened.
    onNotice();
    await ended.promise;
  } catch {
    // The next try comes in a second; until then changes are found by looking.
  } finally {
    signal.removeEventListener('abort', end);
    await client.end().catch(() => undefined);
  }
}
