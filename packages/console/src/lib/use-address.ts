import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What stands behind the `?` of the address. */
export type Address = Readonly<Record<string, string | undefined>>;

/**
 * Filters, tabs and the open row live in the address, so that a link shows the same and Back undoes. Setting a name to
 * `undefined` or to an empty text takes it away. `replaces`: no step for Back, as while one writes.
 */
export function useAddress(): readonly [Address, (change: Address, replaces?: boolean) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const address = Object.fromEntries(
    Object.entries(search).map(([name, value]) => [name, value === undefined ? undefined : textOf(value)]),
  );
  const change = useCallback(
    (wanted: Address, replaces = false) => {
      const next = (before: Record<string, unknown>): Record<string, unknown> =>
        Object.fromEntries(
          Object.entries({ ...before, ...wanted })
            .filter(([, value]) => value !== undefined && value !== '')
            .map(([name, value]) => [name, plain(value)]),
        );
      void navigate({ to: '.', search: next as never, replace: replaces });
    },
    [navigate],
  );
  return [address, change];
}

/** The router reads numbers and flags as such, and whatever else as JSON. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** The router puts texts in quotes that look like numbers and flags; those read better as what they look like. */
function plain(value: unknown): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'string' && String(Number(value)) === value && Number.isSafeInteger(Number(value))
    ? Number(value)
    : value;
}
