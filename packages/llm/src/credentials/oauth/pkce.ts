import { calculatePKCECodeChallenge } from 'oauth4webapi';
import { base64url } from 'jose';
import { Secret } from '../secret.ts';

/** A proof that who exchanges a code is who asked for it (RFC 7636, method S256). */
export interface Pkce {
  /** Kept here until the code is exchanged: 128 characters, the most that the standard allows. */
  readonly verifier: Secret;
  /** Sent ahead with the browser. */
  readonly challenge: string;
}

const VERIFIER_BYTES = 96;

/** A new proof, from the machine's own chance. */
export async function newPkce(): Promise<Pkce> {
  const verifier = base64url.encode(crypto.getRandomValues(new Uint8Array(VERIFIER_BYTES)));
  return { verifier: new Secret(verifier), challenge: await calculatePKCECodeChallenge(verifier) };
}
