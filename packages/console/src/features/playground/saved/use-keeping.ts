import { useState } from 'react';

import { nameOf } from '../share/kept-chat.ts';
import type { Playground } from '../use-playground.ts';
import { toSave, type SavedChat } from './chat-store.ts';
import { useSaved, type Saved } from './use-saved.ts';

/** Saving of the chat that is shown, which knows whether it was saved before. */
export interface Keeping {
  readonly saved: Saved;
  /** Saves it anew, or in the place of the one that was opened. */
  readonly save: () => void;
  readonly open: (chosen: SavedChat) => void;
  readonly begin: () => void;
}

/** `isShown`: somebody looks at the list. */
export function useKeeping(playground: Playground, isShown: boolean): Keeping {
  const saved = useSaved(isShown);
  const [held, setHeld] = useState<Pick<SavedChat, 'id' | 'name'>>();
  const save = async (): Promise<void> => {
    const name = held?.name ?? nameOf(playground.kept);
    const chat = { ...toSave(playground.kept, saved.owner, Date.now()), name, ...(held && { id: held.id }) };
    const id = await saved.put(chat, `Saved on this browser as “${name}”.`);
    if (id !== undefined) setHeld({ id, name });
  };
  return {
    saved,
    save: () => void save(),
    open: (chosen) => {
      setHeld(chosen);
      playground.open(chosen.chat);
    },
    begin: () => {
      setHeld(undefined);
      playground.begin();
    },
  };
}
