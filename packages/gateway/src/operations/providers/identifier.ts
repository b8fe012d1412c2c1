import type { OperationFailure } from '@patchbay/contract';
import { IDENTIFIER } from '@patchbay/contract/resources/provider';

const LENGTH_MAX = 50;

/** Why this cannot be a provider's identifier, with one that could; `undefined` when it can. */
export function identifierProblem(identifier: string, field = 'identifier'): OperationFailure | undefined {
  if (IDENTIFIER.test(identifier)) return undefined;
  const suggestion = suggestIdentifier(identifier);
  return {
    code: 'INVALID_IDENTIFIER',
    message:
      'Provider identifier must be lowercase alphanumeric with hyphens only, 2 to 50 characters, and begin with a letter or digit.',
    field,
    suggestions: suggestion === undefined ? ['Use format: my-provider-name'] : [suggestion],
  };
}

/** The identifier nearest to a text: `Custom OpenAI` gives `custom-openai`. `undefined` when nothing is left of it. */
export function suggestIdentifier(text: string): string | undefined {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LENGTH_MAX)
    .replace(/-+$/, '');
  return IDENTIFIER.test(plain) ? plain : undefined;
}

/** `base` with the first number from 2 behind it that makes it one of those not taken. */
export function freeIdentifier(base: string, taken: (identifier: string) => boolean): string {
  for (let number = 2; ; number += 1) {
    const ending = `-${number}`;
    const candidate = `${base.slice(0, LENGTH_MAX - ending.length)}${ending}`;
    if (!taken(candidate)) return candidate;
  }
}
