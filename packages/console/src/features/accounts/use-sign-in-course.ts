import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';

import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { keyOf, useOperation } from '../../lib/use-api.ts';
import { useNow } from '../../lib/use-now.ts';

/** How often it is asked how far a sign-in is, where its window says nothing. */
const ASKED_MS = 2000;
const SECOND_MS = 1000;

/** How a sign-in stands: with a sentence for whatever keeps it from going on. */
export interface SignInCourse {
  readonly state: 'waiting' | 'window-shut' | 'over';
  /** Why it is over without an account; of one that goes on, what its window told. */
  readonly sentence: string | undefined;
}

/** Follows a sign-in until it ends, by its window's word and by asking. */
export function useSignInCourse(
  { state }: Answer<'oauth.init'>,
  popup: Window | null,
  onDone: () => void,
): SignInCourse {
  const { data, error, refetch } = useOperation('oauth.status', { params: { state } }, { everyMs: ASKED_MS });
  const queries = useQueryClient();
  const [said, setSaid] = useState<string>();
  useNow(SECOND_MS);
  const finish = useEffectEvent(() => {
    for (const each of ['accounts.list', 'accounts.summary'] as const)
      void queries.invalidateQueries({ queryKey: keyOf(each) });
    onDone();
  });
  const status = data?.status ?? 'pending';
  useEffect(() => {
    if (status === 'done') finish();
  }, [status]);
  const hear = useEffectEvent(({ origin, data: message }: MessageEvent<unknown>) => {
    if (origin !== location.origin) return;
    const told = messageOf(message);
    if (told === undefined) return;
    setSaid(told.error);
    void refetch();
  });
  useEffect(() => {
    const listen = (event: MessageEvent<unknown>): void => hear(event);
    window.addEventListener('message', listen);
    return () => window.removeEventListener('message', listen);
  }, []);
  if (error !== null) return { state: 'over', sentence: failureOf(error).message };
  if (status === 'failed') return { state: 'over', sentence: data?.error ?? 'The sign-in failed.' };
  if (status === 'expired') return { state: 'over', sentence: 'The sign-in took too long, and its time is up.' };
  return { state: popup?.closed === true ? 'window-shut' : 'waiting', sentence: said };
}

/** What the page that a provider leads back to tells; nothing for messages of others. */
function messageOf(message: unknown): { readonly error: string | undefined } | undefined {
  const { type, error } = (typeof message === 'object' && message !== null ? message : {}) as Record<string, unknown>;
  if (type === 'oauth_success') return { error: undefined };
  return type === 'oauth_error' ? { error: String(error) } : undefined;
}
