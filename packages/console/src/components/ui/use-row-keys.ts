import { useId, useState, type KeyboardEvent } from 'react';

export interface RowKeysOptions {
  readonly count: number;
  readonly scrollTo: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

export interface RowKeys {
  /** The marked row; -1 for none. */
  readonly active: number;
  readonly mark: (index: number) => void;
  readonly idOf: (index: number) => string;
  /** For the element that scrolls and takes the focus. */
  readonly props: {
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly 'aria-activedescendant': string | undefined;
  };
}

const PAGE_ROWS = 10;

/** Moves a mark from row to row by keys; the focus stays on the table, since rows come and go. */
export function useRowKeys({ count, scrollTo, onOpen }: RowKeysOptions): RowKeys {
  const [active, setActive] = useState(-1);
  const prefix = useId();
  const idOf = (index: number): string => `${prefix}${index}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || count === 0) return;
    if (event.key === 'Enter' && active >= 0) {
      // What opens takes the focus at once, and the key would press the button that has it then.
      event.preventDefault();
      return onOpen(active);
    }
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      j: active + 1,
      ArrowUp: active - 1,
      k: active - 1,
      PageDown: active + PAGE_ROWS,
      PageUp: active - PAGE_ROWS,
      Home: 0,
      End: count - 1,
    };
    const next = event.metaKey || event.ctrlKey ? undefined : steps[event.key];
    if (next === undefined) return undefined;
    event.preventDefault();
    const index = Math.min(count - 1, Math.max(0, next));
    setActive(index);
    scrollTo(index);
    return undefined;
  };
  return {
    active,
    mark: setActive,
    idOf,
    props: { onKeyDown, 'aria-activedescendant': active >= 0 && active < count ? idOf(active) : undefined },
  };
}
