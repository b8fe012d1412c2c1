import { ok, type Result } from '../../model/failure.ts';
import type { OAuthCredential } from '../credential.ts';
import { Secret } from '../secret.ts';
import type { Signature } from './request-signer.ts';

const PLACEHOLDER = /\{\{\s*accessToken\s*\}\}/g;

/** The headers that present the token of now; a token that is refused is replaced by another. */
export async function signOAuth(credential: OAuthCredential, signal: AbortSignal): Promise<Result<Signature>> {
  const { tokens, headers = BEARER, secrets } = credential;
  const token = await tokens.token(signal);
  if (!token.ok) return token;
  const text = token.value.reveal();
  const shown = Object.entries(headers).map(
    ([name, template]) => [name, template.reveal().replace(PLACEHOLDER, () => text)] as const,
  );
  return ok({
    headers: Object.fromEntries(shown),
    secrets: [...secrets, token.value],
    forget: () => tokens.refused(token.value),
  });
}

const BEARER = { authorization: new Secret('Bearer {{accessToken}}') };
