import { ApiError, createClient, type Input, type ManagementClient } from '@patchbay/contract/client';
import type { AnswerOf } from '@patchbay/contract/operation';
import type { OperationId, Operations } from '@patchbay/contract/operations';
import type { ConsoleSession } from '@patchbay/contract/resources/user';
import type { QueryClient } from '@tanstack/react-query';

/** Key under which the session is kept among the answers. */
export const SESSION_KEY = ['session.get'] as const;

/** What an operation answers. */
export type Answer<Id extends OperationId> = AnswerOf<Operations[Id]>;

/** The console's one way to the gateway: the browser's cookie says who asks, a header that our own page asks. */
export function createApi(queries: QueryClient): ManagementClient {
  const client = createClient({
    baseUrl: '',
    headers: () => {
      const token = queries.getQueryData<ConsoleSession | null>(SESSION_KEY)?.csrfToken;
      return token === undefined ? {} : { 'x-csrf-token': token };
    },
  });
  return {
    async call<Id extends OperationId>(id: Id, input?: Input<Id>) {
      try {
        return await client.call(id, input);
      } catch (error) {
        // Signed out elsewhere, or too long away: the frame then shows the sign-in and comes back here.
        const isOver = error instanceof ApiError && error.status === 401 && id !== 'session.open';
        if (isOver && queries.getQueryData(SESSION_KEY)) queries.setQueryData(SESSION_KEY, null);
        // Another role than the page knows of: it shows from then on what that one may do.
        if (error instanceof ApiError && error.status === 403)
          void queries.invalidateQueries({ queryKey: SESSION_KEY, exact: true });
        throw error;
      }
    },
  };
}

/** Who is signed in; null for nobody. */
export async function askSession(api: ManagementClient, signal: AbortSignal): Promise<ConsoleSession | null> {
  try {
    return await api.call('session.get', { signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}
