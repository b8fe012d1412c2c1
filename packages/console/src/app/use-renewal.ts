import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { SESSION_KEY } from '../lib/api.ts';
import { useApi } from '../lib/use-api.ts';
import { useSession } from '../lib/use-session.ts';

const EVERY_MS = 6 * 3_600_000;

/** Makes the session last on while the console is open, so that only being away ends it. */
export function useRenewal(): void {
  const api = useApi();
  const queries = useQueryClient();
  const isByCookie = useSession().csrfToken !== undefined;
  useEffect(() => {
    if (!isByCookie) return undefined;
    const renew = async (): Promise<void> => {
      // That it did not work is seen by the next request, which says why.
      const renewed = await api.call('session.renew').catch(() => undefined);
      if (renewed !== undefined) queries.setQueryData(SESSION_KEY, renewed);
    };
    void renew();
    const timer = setInterval(() => void renew(), EVERY_MS);
    return () => clearInterval(timer);
  }, [api, queries, isByCookie]);
}
