import { useState } from 'react';

import { USUAL_COLUMNS } from './columns.tsx';

const KEPT_AS = 'patchbay.traffic';

/** How somebody likes the log to look; kept in the browser, since a link shows calls and no taste. */
export interface Look {
  readonly columns: readonly string[];
  readonly isDense: boolean;
}

/** The look, and how it is changed. */
export function useLook(): readonly [Look, (change: Partial<Look>) => void] {
  const [look, setLook] = useState(readLook);
  const change = (wanted: Partial<Look>): void => {
    const next = { ...look, ...wanted };
    setLook(next);
    localStorage.setItem(KEPT_AS, JSON.stringify(next));
  };
  return [look, change];
}

function readLook(): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? '{}') as Partial<Look>;
    const columns = Array.isArray(kept.columns) ? kept.columns.map(String) : USUAL_COLUMNS;
    return { columns, isDense: kept.isDense === true };
  } catch {
    return { columns: USUAL_COLUMNS, isDense: false };
  }
}
