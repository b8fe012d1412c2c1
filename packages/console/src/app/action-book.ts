import { useMemo, useState } from 'react';

import type { Action, ActionBook } from '../lib/use-actions.ts';

/** What the shown pages offer, for the palette. */
export function useActionBook(): { readonly book: ActionBook; readonly actions: readonly Action[] } {
  const [byOwner, setByOwner] = useState<ReadonlyMap<string, readonly Action[]>>(new Map());
  const book = useMemo<ActionBook>(
    () => ({
      put: (owner, actions) => setByOwner((before) => new Map(before).set(owner, actions)),
      remove: (owner) => setByOwner((before) => new Map([...before].filter(([each]) => each !== owner))),
    }),
    [],
  );
  return { book, actions: [...byOwner.values()].flat() };
}
