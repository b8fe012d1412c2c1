import type { ManagementClient } from '@patchbay/contract/client';
import type { Permission } from '@patchbay/contract/permissions';
import type { ConsoleSession } from '@patchbay/contract/resources/user';
import { queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { createContext, useContext } from 'react';

import { askSession, SESSION_KEY } from './api.ts';
import { useApi } from './use-api.ts';

const HOURS_MS = 3_600_000;

/** How it is asked who is signed in. */
export const sessionQuery = (api: ManagementClient) =>
  queryOptions({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => askSession(api, signal),
    staleTime: HOURS_MS,
  });

/** Who is signed in: `null` for nobody, `undefined` while it is not known yet. */
export const useSessionQuery = (): UseQueryResult<ConsoleSession | null> => useQuery(sessionQuery(useApi()));

/** Handed down by the frame: at a sign-out pages go before anybody tells them that nobody is there. */
export const SessionContext = createContext<ConsoleSession | undefined>(undefined);

/** Whoever is signed in. For pages inside the frame, which are shown to nobody else. */
export function useSession(): ConsoleSession {
  const session = useContext(SessionContext);
  if (session === undefined) throw new TypeError('The page stands outside the session.');
  return session;
}

/** True when whoever is signed in may do something. The gateway decides anew at each request. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}
