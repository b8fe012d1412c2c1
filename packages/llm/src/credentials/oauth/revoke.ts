import { failed, ok, type Result } from '../../model/failure.ts';
import type { Secret } from '../secret.ts';
import type { OAuthClient } from './definition.ts';
import { askServer, type OAuthRequest, type OAuthWay } from './token-endpoint.ts';
import { refusalOf } from './token-response.ts';

/** Gives a token up (RFC 7009). A token that the server does not know is given up already. */
export async function revokeToken(
  way: OAuthWay,
  client: OAuthClient,
  { token, kind }: { readonly token: Secret; readonly kind: 'access_token' | 'refresh_token' },
  signal: AbortSignal,
): Promise<Result<undefined>> {
  const request: OAuthRequest = { to: 'revoke', form: { token, token_type_hint: kind } };
  const answer = await askServer(way, client, request, signal);
  if (!answer.ok) return answer;
  const { status, members } = answer.value;
  const isGone = (status >= 200 && status < 300) || members['error'] === 'invalid_token';
  return isGone ? ok(undefined) : failed(refusalOf(answer.value, client, request));
}
