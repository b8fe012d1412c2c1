import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import { secretsOf, type AuthScheme, type Credential } from '../credential.ts';
import type { Signature } from './request-signer.ts';
import { signOAuth } from './sign-oauth.ts';
import { sign } from './sign.ts';

/**
 * Presents an account by headers that do not depend on the request: keys, headers of its own, and tokens that somebody
 * renews. Any other account is an `authentication` failure that names it.
 */
export async function signByHeaders(
  scheme: AuthScheme,
  credential: Credential,
  signal: AbortSignal,
): Promise<Result<Signature>> {
  if (credential.kind === 'oauth') return signOAuth(credential, signal);
  try {
    return ok({ headers: sign(scheme, credential), secrets: secretsOf(credential) });
  } catch (error) {
    return failed(unusable(error));
  }
}

const unusable = (error: unknown): Failure => ({
  kind: 'authentication',
  message: error instanceof Error ? error.message : 'The credential cannot be used.',
});
