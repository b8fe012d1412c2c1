import type { Permission } from '@patchbay/contract/permissions';
import type { ConsoleSession } from '@patchbay/contract/resources/user';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { askSession, SESSION_KEY } from './api.ts';
import { useApi } from './use-api.ts';

const HOURS_MS = 3_600_000;

/** Who is signed in: `null` for nobody, `undefined` while it is not known yet. */
export function useSessionQuery(): UseQueryResult<ConsoleSession | null> {
  const api = useApi();
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => askSession(api, signal),
    staleTime: HOURS_MS,
  });
}

/** Whoever is signed in. For pages inside the frame, which are shown to nobody else. */
export function useSession(): ConsoleSession {
  const { data } = useSessionQuery();
  if (!data) throw new TypeError('The page stands outside the session.');
  return data;
}

/** True when whoever is signed in may do something. The gateway decides anew at each request. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}
