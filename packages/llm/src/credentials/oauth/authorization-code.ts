import { AuthorizationResponseError, validateAuthResponse } from 'oauth4webapi';
import { failed, invalidRequest, ok, type Failure, type Result } from '../../model/failure.ts';
import { Secret } from '../secret.ts';
import type { OAuthClient, OAuthDefinition } from './definition.ts';
import type { Pkce } from './pkce.ts';
import { askServer, type OAuthRequest, type OAuthWay } from './token-endpoint.ts';
import { readTokens } from './token-response.ts';
import type { Tokens } from './tokens.ts';

/** One sign-in through a browser. */
export interface SignIn {
  readonly definition: OAuthDefinition;
  readonly client: OAuthClient;
  /** Where the browser is sent back to; the same in both requests. */
  readonly redirectUri: string;
  readonly state: string;
  readonly scopes?: readonly string[];
}

/** The address to open in the user's browser. Without a challenge nothing proves who asks for the tokens later. */
export function authorizationUrl(
  { definition, client, redirectUri, state, scopes }: SignIn,
  challenge: string,
): string {
  const { authorizeNames: names = {}, authorizeExtras = {} } = definition;
  const isStateSent = names['state'] !== '';
  const back = new URL(redirectUri);
  if (!isStateSent) back.searchParams.set('state', state);
  const wanted: Readonly<Record<string, string>> = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: isStateSent ? redirectUri : back.href,
    scope: (scopes ?? definition.scopes).join(' '),
    state,
    code_challenge: challenge,
    code_challenge_method: challenge === '' ? '' : 'S256',
    ...authorizeExtras,
  };
  const url = new URL(client.endpoints.authorizeUrl ?? '');
  for (const [name, value] of Object.entries(wanted)) {
    const written = names[name] ?? name;
    if (written !== '' && value !== '') url.searchParams.set(written, value);
  }
  return url.href;
}

/**
 * Takes the code out of the parameters that the browser came back with. Another state or server than ours, and the
 * server's own no, are `invalid-request` failures.
 */
export function readCallback(
  parameters: URLSearchParams,
  { client, state }: Pick<SignIn, 'client' | 'state'>,
): Result<Secret> {
  const { issuer, tokenUrl } = client.endpoints;
  const isNamed = issuer !== undefined;
  const read = new URLSearchParams(parameters);
  // Without a name of its own to compare with, the server's word about its name says nothing.
  if (!isNamed) read.delete('iss');
  try {
    validateAuthResponse({ issuer: issuer ?? tokenUrl }, { client_id: client.clientId || 'none' }, read, state);
  } catch (error) {
    return failed(
      error instanceof AuthorizationResponseError
        ? refusedBy(error.error, error.error_description)
        : invalidRequest('callback_url', `This answer belongs to no sign-in of ours: ${(error as Error).message}.`),
    );
  }
  const code = read.get('code');
  if (code === null || code === '')
    return failed(invalidRequest('callback_url', 'There is no code in this answer. Begin to sign in again.'));
  return ok(new Secret(code));
}

/** Exchanges a code, which works once, for tokens. */
export async function exchangeCode(
  way: OAuthWay,
  { definition, client, redirectUri, state }: SignIn,
  { code, verifier }: { readonly code: Secret; readonly verifier: Pkce['verifier'] },
  signal: AbortSignal,
): Promise<Result<Tokens>> {
  const request: OAuthRequest = {
    to: 'token',
    grant: 'authorization_code',
    form: {
      ...definition.codeExtras,
      ...(definition.codeSendsState && { state }),
      code,
      code_verifier: verifier,
      redirect_uri: redirectUri,
    },
    ...(definition.codeOmits !== undefined && { omits: definition.codeOmits }),
  };
  const answer = await askServer(way, client, request, signal);
  return answer.ok ? readTokens(answer.value, client, request) : answer;
}

const refusedBy = (code: string, why: string | undefined): Failure => ({
  kind: 'invalid-request',
  code,
  path: 'callback_url',
  message: `The provider did not sign the account in: ${code}${why === undefined ? '' : ` (${why.slice(0, 200)})`}.`,
});
