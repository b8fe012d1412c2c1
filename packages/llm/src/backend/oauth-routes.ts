import { AuthError } from '../credentials/auth-error.ts';
import { isOAuth, type OAuthAuthenticating } from '../credentials/authenticators/authenticator.ts';
import { BackendError, backendErrorOf } from './backend-error.ts';
import type { BackendCode } from './codes.ts';
import { providerOf, type BackendContext } from './context.ts';
import type { BackendCall, Route } from './path-table.ts';

const PATH = '/api/oauth/{provider}';

/** Signing in to providers in a browser, and what became of it. No token is ever shown. */
export function oauthRoutes(context: BackendContext): readonly Route[] {
  const at = (method: string, step: string, handle: (account: Account, call: BackendCall) => unknown): Route => ({
    method,
    path: `${PATH}/${step}`,
    handle: (call) => handle(accountOf(context, call), call),
  });
  return [
    { method: 'GET', path: '/api/oauth', handle: () => list(context) },
    { method: 'GET', path: '/api/oauth/list', handle: () => list(context) },
    at('GET', 'initiate', initiate),
    at('POST', 'initiate', initiate),
    at('GET', 'callback', callback),
    at('POST', 'callback', callback),
    at('POST', 'refresh', refresh),
    at('GET', 'status', status),
    at('POST', 'revoke', revoke),
    at('DELETE', 'revoke', revoke),
  ];
}

interface Account {
  readonly name: string;
  readonly authenticator: OAuthAuthenticating;
}

function accountOf(context: BackendContext, { params }: BackendCall): Account {
  const name = params['provider'] ?? '';
  const { oauth } = context;
  const found = oauth === undefined ? undefined : foundIn(oauth, name);
  if (found !== undefined && isOAuth(found)) return { name, authenticator: found };
  if (found === undefined) providerOf(context, name);
  throw new BackendError('NOT_OAUTH_PROVIDER', {
    message: `Nobody signs in to ${name} with OAuth here. Register an authenticator of this name in \`oauth\`.`,
    details: { provider: name },
  });
}

function foundIn(oauth: NonNullable<BackendContext['oauth']>, name: string) {
  try {
    return oauth.getAuthenticator(name);
  } catch (error) {
    if (error instanceof AuthError) return undefined;
    throw error;
  }
}

async function list({ oauth }: BackendContext) {
  const accounts: Account[] = [];
  for (const { provider } of (await oauth?.getAuthStatus()) ?? []) {
    const authenticator = oauth?.getAuthenticator(provider);
    if (authenticator !== undefined && isOAuth(authenticator)) accounts.push({ name: provider, authenticator });
  }
  return { accounts: await Promise.all(accounts.map(status)), count: accounts.length };
}

/** Sends the browser to the provider; with `response=json` the address is said instead. `scopes` are parted by commas or spaces. */
async function initiate({ name, authenticator }: Account, { url }: BackendCall): Promise<unknown> {
  const scopes = (url.searchParams.get('scopes') ?? '').split(/[\s,]+/).filter((each) => each !== '');
  const address = await asked('OAUTH_INITIATE_FAILED', () =>
    authenticator.startOAuthFlow(scopes.length > 0 ? scopes : undefined),
  );
  if (url.searchParams.get('response') !== 'json')
    return new Response(null, { status: 302, headers: { location: address, 'cache-control': 'no-store' } });
  return { provider: name, auth_url: address, state: new URL(address).searchParams.get('state') };
}

/** Where the provider sends the browser back to. Open to everybody: each state counts once and for ten minutes. */
async function callback({ name, authenticator }: Account, { url, request }: BackendCall) {
  const { searchParams } = url;
  const refusal = searchParams.get('error');
  if (refusal !== null)
    throw new BackendError('OAUTH_CALLBACK_FAILED', {
      message: `The provider refused: ${searchParams.get('error_description') ?? refusal}. Begin again.`,
      details: { provider: name, cause: refusal, retryable: false },
    });
  for (const parameter of ['code', 'state'])
    if (!searchParams.get(parameter))
      throw new BackendError('MISSING_PARAMETER', {
        message: `The address lacks \`${parameter}\`. Open the address of \`initiate\` in a browser.`,
        details: { parameter },
      });
  await asked('OAUTH_CALLBACK_FAILED', () =>
    authenticator.handleCallback(searchParams.get('code') ?? '', searchParams.get('state') ?? '', request.signal),
  );
  return status({ name, authenticator });
}

async function refresh({ name, authenticator }: Account, { request }: BackendCall) {
  await asked('REFRESH_FAILED', () => authenticator.refreshToken(request.signal));
  return status({ name, authenticator });
}

async function revoke({ name, authenticator }: Account) {
  const outcome = await asked('REVOKE_FAILED', () => authenticator.logout());
  return {
    provider: name,
    authenticated: false,
    revoked: outcome.isRevoked,
    ...(outcome.reason !== undefined && { reason: outcome.reason }),
  };
}

async function status({ name, authenticator }: Account) {
  const authenticated = await asked('REFRESH_FAILED', () => authenticator.isAuthenticated());
  const known = await authenticator.getTokenInfo().catch((error: unknown) => {
    if (error instanceof AuthError) return undefined;
    throw error;
  });
  if (known === undefined) return { provider: name, authenticated };
  return {
    provider: name,
    authenticated,
    token_type: known.tokenType,
    scopes: known.scopes,
    expired: known.isExpired,
    refreshable: known.refreshToken !== '',
    ...(known.expiresAt && { expires_at: known.expiresAt.toISOString() }),
  };
}

async function asked<T>(code: BackendCode, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw backendErrorOf(code, error);
  }
}
