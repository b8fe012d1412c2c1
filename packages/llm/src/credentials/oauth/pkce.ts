import { calculatePKCECodeChallenge } from 'oauth4webapi';
import { base64url } from 'jose';
import { Secret } from '../secret.ts';

/** A proof that who exchanges a code is who asked for it (RFC 7636, method S256). */
export interface Pkce {
  /** Kept here until the code is exchanged: from 43 to 128 characters. */
  readonly verifier: Secret;
  /** Sent ahead with the browser. */
  readonly challenge: string;
}

/** The most that the standard allows. */
const VERIFIER_LENGTH = 128;

/** A new proof, from the machine's own chance. `length`: characters of the verifier, 43 to 128, default 128. */
export async function newPkce(length = VERIFIER_LENGTH): Promise<Pkce> {
  const bytes = Math.ceil((length * 3) / 4);
  const verifier = base64url.encode(crypto.getRandomValues(new Uint8Array(bytes))).slice(0, length);
  return { verifier: new Secret(verifier), challenge: await calculatePKCECodeChallenge(verifier) };
}
