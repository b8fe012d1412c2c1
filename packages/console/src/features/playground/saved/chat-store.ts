import { nameOf, type KeptChat } from '../share/kept-chat.ts';
import { readChat } from '../share/read-chat.ts';

/** A chat that was saved on this browser. */
export interface SavedChat {
  readonly id: number;
  /** Who saved it: others who sign in on this browser are not shown it. */
  readonly owner: string;
  readonly name: string;
  readonly savedAtMs: number;
  readonly chat: KeptChat;
}

/** What is saved: without an id it is a new one. */
export type ToSave = Omit<SavedChat, 'id'> & { readonly id?: number };

const DATABASE = 'patchbay-playground';
const STORE = 'chats';

/** All that somebody saved on this browser, the latest first. Rejects where the browser keeps nothing. */
export async function savedBy(owner: string): Promise<readonly SavedChat[]> {
  const rows: readonly SavedChat[] = await within('readonly', (store) => store.index('owner').getAll(owner));
  return rows.map((row) => ({ ...row, chat: readChat(row.chat) })).toSorted((a, b) => b.savedAtMs - a.savedAtMs);
}

/** Saves a chat, in the place of the one of the same id if there is one; resolves to its id. */
export const save = async (chat: ToSave): Promise<number> =>
  Number(await within('readwrite', (store) => store.put(chat)));

/** Removes a chat for good. */
export const forget = (id: number): Promise<void> => within('readwrite', (store) => store.delete(id));

/** A chat as it is saved now. */
export const toSave = (chat: KeptChat, owner: string, nowMs: number): ToSave => ({
  owner,
  name: nameOf(chat),
  savedAtMs: nowMs,
  chat,
});

async function within<Value>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> {
  const database = await open();
  try {
    const transaction = database.transaction(STORE, mode);
    const answer = await settled(ask(transaction.objectStore(STORE)));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error(FULL));
      // Where it ended before anybody listened.
      if (mode === 'readonly') resolve();
    });
    return answer;
  } finally {
    database.close();
  }
}

const FULL = 'The browser did not keep it. Is its storage full?';

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: 'id', autoIncrement: true });
    store.createIndex('owner', 'owner');
  };
  return settled(request);
}

const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(FULL));
  });
