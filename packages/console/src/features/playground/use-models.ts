import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useCallingKey } from '../../lib/calling-key.ts';

/** A model as the gateway lists it to whoever may call it. A member that is absent is unknown. */
export interface ListedModel {
  readonly id: string;
  readonly owned_by: string;
  readonly patchbay: {
    readonly context_tokens?: number;
    readonly input?: readonly string[];
    readonly output?: readonly string[];
    readonly efforts?: readonly string[];
    readonly capabilities: Readonly<Record<string, boolean>>;
    readonly price: {
      readonly state: 'priced' | 'free' | 'unknown';
      readonly usd_per_million_tokens?: { readonly input?: number; readonly output?: number };
    };
  };
}

/** The models that whoever is signed in may talk to: what a program with a key of theirs is listed. */
export function useModels(): UseQueryResult<readonly ListedModel[]> {
  const keyOf = useCallingKey();
  return useQuery({
    queryKey: ['playground-models'],
    queryFn: async ({ signal }) => {
      const answer = await globalThis.fetch('/v1/models', {
        credentials: 'omit',
        headers: { authorization: `Bearer ${await keyOf()}` },
        signal,
      });
      const body = (await answer.json()) as {
        readonly data?: readonly ListedModel[];
        readonly error?: { readonly message?: string };
      };
      if (body.data === undefined) throw new Error(body.error?.message ?? `The gateway answered ${answer.status}.`);
      return body.data.filter(({ patchbay: { output } }) => output === undefined || output.includes('text'));
    },
    staleTime: 60_000,
  });
}
