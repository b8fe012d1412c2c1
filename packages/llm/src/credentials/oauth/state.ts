import { base64url } from 'jose';

/** How long somebody may take to sign in, in milliseconds. */
export const SIGN_IN_MS = 600_000;

const STATE_BYTES = 32;

/**
 * A word that ties an answer to the sign-in that asked for it. Worth one answer, and kept by its hash. `bytes` of chance
 * are in it; default 32.
 */
export const newState = (bytes = STATE_BYTES): string =>
  base64url.encode(crypto.getRandomValues(new Uint8Array(bytes)));

/** Under what a sign-in is kept: whoever reads it there cannot answer in its place. */
export async function stateHash(state: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(state));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
