import type { OAuthCredential } from '../credentials/credential.ts';
import type { OAuthClient } from '../credentials/oauth/definition.ts';
import { OAUTH_DEFINITIONS } from '../credentials/oauth/definitions/registry.ts';
import { HeldTokens } from '../credentials/oauth/held-tokens.ts';
import { refreshTokens } from '../credentials/oauth/refresh.ts';
import type { OAuthWay } from '../credentials/oauth/token-endpoint.ts';
import type { Tokens } from '../credentials/oauth/tokens.ts';
import { Secret } from '../credentials/secret.ts';
import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import type { OAuthCredentialSet } from './provider-config.ts';

/** Longest that a renewal may take, in milliseconds. */
const RENEWAL_MAX_MS = 30_000;

/**
 * The account that a set of tokens describes. Its tokens are renewed before they end, once for all calls, and the set's
 * `onTokenRefresh` has kept the new ones before they are used. `at` is its place in the list.
 */
export function oauthAccount(
  set: OAuthCredentialSet,
  { providerId, at, way }: { readonly providerId: string; readonly at: number; readonly way: OAuthWay },
): OAuthCredential {
  const id = set.id ?? `${providerId}-oauth-${at + 1}`;
  const first = firstTokens(set);
  const tokens = new HeldTokens({
    clock: way.clock,
    ...(first && { first }),
    renew: (spent) => renew(set, { id, providerId, way, spent }),
  });
  const secrets = [set.clientSecret, set.accessToken, set.refreshToken].flatMap((each) =>
    each === undefined ? [] : [secretOf(each)],
  );
  return { kind: 'oauth', id, tokens, secrets };
}

const secretOf = (text: string | Secret): Secret => (text instanceof Secret ? text : new Secret(text));

function firstTokens({ accessToken, refreshToken, expiresAt }: OAuthCredentialSet): Tokens | undefined {
  if (accessToken === undefined) return undefined;
  return {
    accessToken: secretOf(accessToken),
    tokenType: 'Bearer',
    ...(refreshToken !== undefined && { refreshToken: secretOf(refreshToken) }),
    ...(expiresAt !== undefined && { expiresAtMs: Number(expiresAt) }),
  };
}

interface Renewal {
  readonly id: string;
  readonly providerId: string;
  readonly way: OAuthWay;
  readonly spent: Tokens | undefined;
}

async function renew(set: OAuthCredentialSet, { id, providerId, way, spent }: Renewal): Promise<Result<Tokens>> {
  const refreshToken = spent?.refreshToken ?? (set.refreshToken === undefined ? undefined : secretOf(set.refreshToken));
  const client = clientOf(set, providerId);
  if (refreshToken === undefined || client === undefined) return failed(notRenewable(id, refreshToken === undefined));
  const renewed = await refreshTokens(way, client, refreshToken, AbortSignal.timeout(RENEWAL_MAX_MS));
  if (!renewed.ok) return renewed;
  const kept = await keep(set, id, renewed.value);
  return kept.ok ? renewed : kept;
}

function clientOf(set: OAuthCredentialSet, providerId: string): OAuthClient | undefined {
  const definition = OAUTH_DEFINITIONS.find((each) => each.providerId === providerId);
  const tokenUrl = set.tokenUrl ?? definition?.endpoints?.tokenUrl;
  if (tokenUrl === undefined) return undefined;
  return {
    clientId: set.clientId ?? '',
    endpoints: { tokenUrl },
    ...(set.clientSecret !== undefined && { clientSecret: secretOf(set.clientSecret) }),
    ...(definition?.bodies && { bodies: definition.bodies }),
  };
}

/** A pair that nobody has kept is lost with the process, and the old one is spent: that is told before it is used. */
async function keep(set: OAuthCredentialSet, id: string, tokens: Tokens): Promise<Result<void>> {
  try {
    const expires = new Date(tokens.expiresAtMs ?? NEVER_MS);
    await set.onTokenRefresh?.(id, tokens.accessToken.reveal(), tokens.refreshToken?.reveal() ?? '', expires);
    return ok(undefined);
  } catch (error) {
    return failed({
      kind: 'internal',
      message: `The new tokens of ${id} were not kept: onTokenRefresh failed.`,
      detail: String(error),
    });
  }
}

/** The last moment that a date can name. */
const NEVER_MS = 8.64e15;

const notRenewable = (id: string, lacksToken: boolean): Failure => ({
  kind: 'authentication',
  message: lacksToken
    ? `The token of ${id} has ended and there is no refresh token. Sign in again.`
    : `The token of ${id} has ended. Give tokenUrl, where new ones are bought.`,
});
