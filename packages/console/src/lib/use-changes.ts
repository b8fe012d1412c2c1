import type { Changed, WatchedResource } from '@patchbay/contract/resources/change';
import { useQueryClient, type Query } from '@tanstack/react-query';
import { useEffect } from 'react';

import { useLive } from './use-live.ts';

const PATH = '/api/changes/stream';
const EVENTS = ['following', 'changed'] as const;
/** While nothing is told, what is shown is asked for again this often, in milliseconds. */
const UNTOLD_MS = 30_000;

/** Whose answers tell of a resource, by the first word of the operations' ids. */
const TOLD_BY: Readonly<Record<WatchedResource, readonly string[]>> = {
  providers: ['providers', 'models', 'offered', 'health'],
  models: ['models', 'providers'],
  templates: ['templates'],
  accounts: ['accounts', 'accountPolicies', 'proxies', 'quotas', 'authManager'],
  proxies: ['proxies', 'accounts'],
  keys: ['keys'],
  mappings: ['mappings'],
  users: ['users'],
};

const WATCHED: ReadonlySet<string> = new Set(Object.values(TOLD_BY).flat());

/**
 * Reads what is shown again as soon as somebody changes it, in this window, another, or by hand in the store; by a slow
 * clock while the gateway cannot tell. What is being written in a form stays: its version says what it was made from.
 */
export function useChanges(): void {
  const queries = useQueryClient();
  const askAgain = (told: ReadonlySet<string>): void =>
    void queries.invalidateQueries({ predicate: ({ queryKey }: Query) => told.has(resourceOf(queryKey)) });
  const state = useLive(PATH, EVENTS, (name, data) =>
    // Until the stream stood, changes went by unheard: while the page was opened, or hidden, or the gateway away.
    askAgain(name === 'following' ? WATCHED : toldOf(JSON.parse(data) as Changed)),
  );
  useEffect(() => {
    if (state !== 'away') return undefined;
    const timer = setInterval(() => document.hidden || askAgain(WATCHED), UNTOLD_MS);
    return () => clearInterval(timer);
  }, [queries, state]);
}

const toldOf = ({ resources }: Changed): ReadonlySet<string> =>
  // A resource that a newer gateway tells of is none of this page's.
  new Set(['audit', ...resources.flatMap((each) => TOLD_BY[each] ?? [])]);

const resourceOf = ([id]: readonly unknown[]): string => String(id).split('.')[0] ?? '';
