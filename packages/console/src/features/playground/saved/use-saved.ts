import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { toast } from 'sonner';

import { failureOf } from '../../../lib/failure.ts';
import { useSession } from '../../../lib/use-session.ts';
import { forget, save, savedBy, type SavedChat, type ToSave } from './chat-store.ts';

const KEY = 'playground-saved';

/** What whoever is signed in saved on this browser. */
export interface Saved {
  readonly query: UseQueryResult<readonly SavedChat[]>;
  readonly owner: string;
  /** Saves, says so, and resolves to the id; `undefined` where the browser does not keep it. */
  readonly put: (chat: ToSave, said?: string) => Promise<number | undefined>;
  readonly remove: (chat: SavedChat) => Promise<void>;
}

/** `isShown`: the list is only read while somebody looks at it. */
export function useSaved(isShown: boolean): Saved {
  const queries = useQueryClient();
  const { user, kind, name } = useSession();
  const owner = user?.id ?? `${kind} ${name}`;
  const query = useQuery({ queryKey: [KEY, owner], queryFn: () => savedBy(owner), enabled: isShown, staleTime: 0 });
  const changed = async <Value>(change: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      const value = await change();
      await queries.invalidateQueries({ queryKey: [KEY] });
      return value;
    } catch (error) {
      toast.error(failureOf(error).message);
      return undefined;
    }
  };
  const put: Saved['put'] = async (chat, said) => {
    const id = await changed(() => save(chat));
    if (id !== undefined && said !== undefined) toast.success(said);
    return id;
  };
  return {
    query,
    owner,
    put,
    remove: (chat) => changed(() => forget(chat.id)),
  };
}
