import { generateRandomState } from 'oauth4webapi';

/** How long somebody may take to sign in, in milliseconds. */
export const SIGN_IN_MS = 600_000;

/** A word of 256 bits that ties an answer to the sign-in that asked for it. Worth one answer, and kept by its hash. */
export const newState = (): string => generateRandomState();

/** Under what a sign-in is kept: whoever reads it there cannot answer in its place. */
export async function stateHash(state: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(state));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
