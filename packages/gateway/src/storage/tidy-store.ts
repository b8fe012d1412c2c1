import type { Clock } from '@patchbay/llm/model/clock';

import type { Store } from './open-store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Log rows taken away in one go, which an hour does not add on a store that keeps up. */
const CALLS_MOST = 10_000_000;
/** How long looks at providers' health are kept, in days. */
const HEALTH_DAYS = 30;
/** How long system events are kept, in days. */
const EVENT_DAYS = 90;

/** What is tidied, and for how long it is kept. */
export interface TidyParts {
  readonly store: Pick<Store, 'retention' | 'rows'>;
  readonly clock: Clock;
  /** Days that log rows are kept; 0 for ever. */
  readonly logRetentionDays: number;
  /** Bodies of calls, and for how many days they are kept. */
  readonly payloads: { removeBefore(beforeMs: number): Promise<unknown> };
  readonly capture: { readonly days: number };
  readonly onError: (error: unknown) => void;
}

/** Takes away what is older than it is kept, now and every hour; returns how to stop. */
export function tidyStore(parts: TidyParts): () => void {
  const tick = (): void => void tidy(parts).catch(parts.onError);
  tick();
  return parts.clock.every(HOUR_MS, tick);
}

async function tidy({ store, clock, logRetentionDays, payloads, capture }: TidyParts): Promise<void> {
  const now = clock.nowMs();
  await payloads.removeBefore(now - capture.days * DAY_MS);
  if (logRetentionDays > 0) await store.retention.removeCalls(now - logRetentionDays * DAY_MS, CALLS_MOST);
  await store.retention.removeHealth(now - HEALTH_DAYS * DAY_MS);
  await store.retention.removeEvents(now - EVENT_DAYS * DAY_MS);
  await store.rows.refreshTokens.removeExpired(now);
}
