import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { SESSION_KEY } from '../lib/api.ts';
import { revokeCallingKey } from '../lib/calling-key.ts';
import { failureOf } from '../lib/failure.ts';
import { useApi } from '../lib/use-api.ts';

/** Ends the session and forgets everything that was read in it. */
export function useSignOut(): () => Promise<void> {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await revokeCallingKey(api, queries);
      await api.call('session.close');
    } catch (error) {
      const { kind, message } = failureOf(error);
      // It may have ended by itself; then there is nothing left to close.
      if (kind !== 'signed-out') {
        (await import('sonner')).toast.error(message);
        return;
      }
    }
    // First that nobody is signed in: the sign-in would otherwise lead back at once.
    queries.setQueryData(SESSION_KEY, null);
    await navigate({ to: '/sign-in' });
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
  };
}
