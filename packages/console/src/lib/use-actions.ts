import { createContext, useContext, useEffect, useEffectEvent, useId } from 'react';

/** Something that the command palette offers. */
export interface Action {
  readonly id: string;
  /** A verb first: `Make a user`. */
  readonly label: string;
  readonly run: () => void;
}

/** Keeps what the pages that are shown offer; the frame provides it. */
export interface ActionBook {
  readonly put: (owner: string, actions: readonly Action[]) => void;
  readonly remove: (owner: string) => void;
}

/** The book of the frame. */
export const ActionsContext = createContext<ActionBook | undefined>(undefined);

/** Offers actions in the command palette while a page is shown. */
export function useActions(actions: readonly Action[]): void {
  const book = useContext(ActionsContext);
  const owner = useId();
  const run = useEffectEvent((id: string) => actions.find((each) => each.id === id)?.run());
  const offered = JSON.stringify(actions.map(({ id, label }) => [id, label]));
  useEffect(() => {
    const named = JSON.parse(offered) as readonly (readonly [string, string])[];
    book?.put(
      owner,
      named.map(([id, label]) => ({ id, label, run: () => run(id) })),
    );
    return () => book?.remove(owner);
  }, [book, owner, offered]);
}
