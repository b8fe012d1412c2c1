import { useState } from 'react';

import type { Answer } from '../../lib/api.ts';
import { useOperation } from '../../lib/use-api.ts';

/** A provider that accounts can be signed in at, or could be once it is set up. */
export type SignInProvider = Answer<'oauth.providers'>['providers'][number];

/** What is written in the form. */
export interface SignInDraft {
  readonly provider: string;
  readonly label: string;
  readonly way: string;
}

/** What is written, with the provider and the way that it comes to: those that are set up are offered. */
export function useSignInDraft() {
  const { data } = useOperation('oauth.providers');
  const [draft, setDraft] = useState<SignInDraft>({ provider: '', label: '', way: 'browser' });
  const offered = data?.providers ?? [];
  const ready = offered.filter(({ configured }) => configured);
  const chosen = ready.find(({ id }) => id === draft.provider) ?? ready[0];
  const take = (change: Partial<SignInDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const isNotSetUp = data !== undefined && chosen === undefined;
  return { offered, ready, chosen, isNotSetUp, draft: { ...draft, way: wayOf(chosen, draft.way) }, take };
}

/** Where a provider knows one way only, it is that. */
function wayOf(chosen: SignInProvider | undefined, wanted: string): string {
  const ways = chosen?.flows ?? [];
  if (ways.length !== 1) return wanted;
  return ways[0] === 'device_code' ? 'device' : 'browser';
}
