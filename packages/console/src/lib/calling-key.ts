import type { ManagementClient } from '@patchbay/contract/client';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';

import { useApi } from './use-api.ts';

/** A key of whoever is signed in, for calls that the console makes. It lives in memory alone. */
interface CallingKey {
  readonly id: string;
  readonly text: string;
  readonly endsMs: number;
}

const KEPT_AS = ['calling-key'] as const;
const LASTS_MS = 3_600_000;
/** One that ends sooner is replaced: an answer may take its time. */
const REST_MIN_MS = 300_000;

/** Gives the text of a key for calls of models, made when it is first needed. Throws what the gateway says against it. */
export function useCallingKey(): () => Promise<string> {
  const api = useApi();
  const queries = useQueryClient();
  return () => callingKey(api, queries);
}

async function callingKey(api: ManagementClient, queries: QueryClient): Promise<string> {
  const kept = queries.getQueryData<CallingKey>(KEPT_AS);
  if (kept !== undefined && kept.endsMs - Date.now() > REST_MIN_MS) return kept.text;
  const endsMs = Date.now() + LASTS_MS;
  const made = await api.call('keys.create', {
    body: { label: 'Console', expires_at: new Date(endsMs).toISOString() },
  });
  // Nobody watches it, and what nobody watches is forgotten after minutes.
  queries.setQueryDefaults(KEPT_AS, { gcTime: Infinity });
  queries.setQueryData<CallingKey>(KEPT_AS, { id: made.id, text: made.key, endsMs });
  return made.key;
}

/** Ends the key that was made, if any. For the sign-out, before which it must be awaited. */
export async function revokeCallingKey(api: ManagementClient, queries: QueryClient): Promise<void> {
  const kept = queries.getQueryData<CallingKey>(KEPT_AS);
  if (kept === undefined) return;
  queries.removeQueries({ queryKey: KEPT_AS });
  // It ends by itself within the hour: no reason to keep anybody signed in.
  await api.call('keys.revoke', { params: { id: kept.id } }).catch(() => undefined);
}
