import type { AuthScheme, Credential } from '../credential.ts';

/**
 * The headers that present a credential the way a provider wants it; none for an anonymous one. Throws when a key
 * holds line breaks or other control characters, which settings refuse long before.
 */
export function sign(scheme: AuthScheme, credential: Credential): Readonly<Record<string, string>> {
  if (credential.kind === 'anonymous' || scheme.kind === 'none') return {};
  const key = credential.key.reveal();
  if (/[^\x21-\x7e]/.test(key))
    throw new TypeError(`The key of ${credential.id} has characters that no header can carry.`);
  return scheme.kind === 'bearer' ? { authorization: `Bearer ${key}` } : { [scheme.header]: key };
}
