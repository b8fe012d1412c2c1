import { useMemo } from 'react';

import { useOperation } from './use-api.ts';
import { useMay } from './use-session.ts';

/** Names that lists of the page need at most. */
const NAMED_MAX = 1000;

/** What accounts and keys are called; whatever has no name, or may not be seen, goes by its id. */
export interface Names {
  readonly account: (id: string) => string;
  readonly key: (id: string) => string;
}

/** Names in the place of ids. Asked once, not with every row. */
export function useNames(): Names {
  const query = { limit: NAMED_MAX };
  const accounts = useOperation('accounts.list', { query }, { enabled: useMay('accounts:read') }).data;
  const keys = useOperation('keys.list', { query }, { enabled: useMay('api-keys:own') }).data;
  return useMemo(() => ({ account: namesIn(accounts?.data), key: namesIn(keys?.data) }), [accounts, keys]);
}

function namesIn(rows: readonly { readonly id: string; readonly label: string }[] | undefined) {
  const names = new Map((rows ?? []).map(({ id, label }) => [id, label]));
  return (id: string): string => names.get(id) || id;
}
