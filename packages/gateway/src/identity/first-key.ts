import type { Secret } from '@patchbay/llm/credentials/secret';

import type { VerifierParts } from './key-verifier.ts';

/** The key that works from the first start, and what may be shown of it. */
export type FirstKey = NonNullable<VerifierParts['operatorKey']> & {
  /** True for a key of the operator's that is short enough to be guessed. */
  readonly weak: boolean;
  /** Its text only when it was made just now: that is the one time it is shown. Else where it is kept. */
  readonly shown: { readonly text: string } | { readonly file: string } | { readonly variable: string };
};

const STRONG_CHARACTERS = 16;

/** The operator's own key where there is one, else the kept one, made at the first start. */
export async function firstKey(
  own: Secret | undefined,
  keep: () => Promise<{ readonly secret: Secret; readonly created: boolean; readonly file: string }>,
): Promise<FirstKey> {
  if (own !== undefined) {
    const weak = own.reveal().length < STRONG_CHARACTERS;
    return { key: own, label: 'GATEWAY_API_KEY', weak, shown: { variable: 'GATEWAY_API_KEY' } };
  }
  const { secret, created, file } = await keep();
  return { key: secret, label: 'first key', weak: false, shown: created ? { text: secret.reveal() } : { file } };
}
