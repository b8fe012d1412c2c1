import { randomBytes } from 'node:crypto';

import type { ApiKeyRecord } from '../../storage/records.ts';

/** What begins a key of each kind, and how many bytes of chance follow it. */
const KINDS = { key: { prefix: 'ak_', bytes: 24 }, access: { prefix: 'uk_', bytes: 32 } } as const;

/** Characters of a key that may be shown. */
const SHOWN_CHARACTERS = 11;

/** A key of a user just made: `ak_` with 48 hexadecimal digits, or `uk_` with 64. Its text is shown once and never stored. */
export function mintUserKey(
  kind: keyof typeof KINDS,
  hashOf: (text: string) => string,
): { readonly text: string; readonly row: Pick<ApiKeyRecord, 'keyHash' | 'keyPrefix' | 'kind'> } {
  const { prefix, bytes } = KINDS[kind];
  const text = `${prefix}${randomBytes(bytes).toString('hex')}`;
  return { text, row: { keyHash: hashOf(text), keyPrefix: text.slice(0, SHOWN_CHARACTERS), kind } };
}
