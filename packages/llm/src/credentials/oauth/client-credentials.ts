import type { Result } from '../../model/failure.ts';
import type { OAuthClient } from './definition.ts';
import { askServer, type OAuthRequest, type OAuthWay } from './token-endpoint.ts';
import { readTokens } from './token-response.ts';
import type { Tokens } from './tokens.ts';

/** Buys a token for a client itself, on behalf of nobody (RFC 6749, 4.4). */
export async function clientTokens(
  way: OAuthWay,
  client: OAuthClient,
  scope: string | undefined,
  signal: AbortSignal,
): Promise<Result<Tokens>> {
  const form = scope === undefined || scope === '' ? {} : { scope };
  const request: OAuthRequest = { to: 'token', grant: 'client_credentials', form };
  const answer = await askServer(way, client, request, signal);
  return answer.ok ? readTokens(answer.value, client, request) : answer;
}
