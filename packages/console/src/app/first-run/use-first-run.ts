import type { ManagementClient } from '@patchbay/contract/client';
import type { ConsoleSession } from '@patchbay/contract/resources/user';
import type { Permission } from '@patchbay/contract/permissions';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef } from 'react';

import { SESSION_KEY } from '../../lib/api.ts';
import { useApi, useOperation } from '../../lib/use-api.ts';
import { useSession } from '../../lib/use-session.ts';
import { FIRST_RUN } from '../sections.ts';

/** What the guide does in somebody's name. */
const NEEDED: readonly Permission[] = ['providers:write', 'api-keys:own', 'models:call'];

/** The user's preference that says that the guide was there. */
const SEEN = 'firstRunSeen';

/**
 * Leads to the guide where a gateway has no key yet, once: whoever has left it, by its end or by any other way, is not led
 * there again, on whatever browser. A reload does not leave it.
 */
export function useFirstRun(): void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { user, permissions } = useSession();
  const isNew = user !== undefined && user.preferences[SEEN] !== true;
  const isAsked = isNew && pathname === '/' && NEEDED.every((each) => permissions.includes(each));
  const { data: keys } = useOperation('keys.list', { query: { limit: 1 } }, { enabled: isAsked });
  const isWanted = isAsked && keys?.total === 0;
  const before = useRef(pathname);
  // The session is renewed now and then, and an answer that was on its way does not know yet.
  const wasLeft = useRef(false);
  const [api, queries] = [useApi(), useQueryClient()];
  const remember = useEffectEvent(() => void rememberIn(queries, api));
  useEffect(() => {
    const hasLeft = before.current === FIRST_RUN.path && pathname !== FIRST_RUN.path;
    before.current = pathname;
    wasLeft.current ||= hasLeft;
    if (hasLeft && isNew) remember();
    else if (isWanted && !wasLeft.current) void navigate({ to: FIRST_RUN.path, replace: true });
  }, [pathname, isNew, isWanted, navigate]);
}

/** Writes down that the guide was there: at once for this page, and with the user for all others. */
async function rememberIn(queries: QueryClient, api: ManagementClient): Promise<void> {
  const { user, ...session } = queries.getQueryData<ConsoleSession>(SESSION_KEY) ?? {};
  if (user === undefined) return;
  const preferences = { ...user.preferences, [SEEN]: true };
  queries.setQueryData(SESSION_KEY, { ...session, user: { ...user, preferences } });
  // Where it cannot be written, the guide is offered once more the next time: no harm is done.
  await api.call('auth.updateMe', { body: { preferences } }).catch(() => undefined);
}
