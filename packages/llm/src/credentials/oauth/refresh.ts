import { ok, type Result } from '../../model/failure.ts';
import type { Secret } from '../secret.ts';
import type { OAuthClient } from './definition.ts';
import { askServer, type OAuthRequest, type OAuthWay } from './token-endpoint.ts';
import { readTokens } from './token-response.ts';
import type { Tokens } from './tokens.ts';

/**
 * Exchanges a refresh token for new tokens, which hold the old refresh token where the server gave no other. Ask once:
 * a server that rotates them takes a second try with the same one for theft.
 */
export async function refreshTokens(
  way: OAuthWay,
  client: OAuthClient,
  refreshToken: Secret,
  signal: AbortSignal,
): Promise<Result<Tokens>> {
  const request: OAuthRequest = { to: 'token', grant: 'refresh_token', form: { refresh_token: refreshToken } };
  const answer = await askServer(way, client, request, signal);
  if (!answer.ok) return answer;
  const read = readTokens(answer.value, client, request);
  return read.ok ? ok({ refreshToken, ...read.value }) : read;
}
