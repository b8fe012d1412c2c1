import type { AuthScheme, Credential, HeadersCredential } from '../credential.ts';

/**
 * The headers that present a key the way a provider wants it; none for an anonymous account. Throws when a key holds
 * line breaks or other control characters, which settings refuse long before, and when the account must see the
 * request that it signs: that is what `RequestSigner` is for.
 */
export function sign(scheme: AuthScheme, credential: Credential): Readonly<Record<string, string>> {
  if (credential.kind === 'anonymous' || scheme.kind === 'none') return {};
  if (credential.kind === 'headers') return shown(credential);
  if (credential.kind !== 'api-key' || (scheme.kind !== 'bearer' && scheme.kind !== 'header'))
    throw new TypeError(`The account ${credential.id} cannot be presented as ${scheme.kind} by headers alone.`);
  const key = credential.key.reveal();
  if (/[^\x21-\x7e]/.test(key))
    throw new TypeError(`The key of ${credential.id} has characters that no header can carry.`);
  return scheme.kind === 'bearer' ? { authorization: `Bearer ${key}` } : { [scheme.header]: key };
}

function shown({ id, headers }: HeadersCredential): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => [name, value.reveal()] as const);
  const odd = entries.find(([, value]) => /[^\x20-\x7e]/.test(value));
  if (odd !== undefined) throw new TypeError(`The header ${odd[0]} of ${id} has characters that no header can carry.`);
  return Object.fromEntries(entries);
}
