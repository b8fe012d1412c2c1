import { decodeJwt } from 'jose';
import { failed, ok, type Failure, type FailureKind, type Result } from '../../model/failure.ts';
import { Secret } from '../secret.ts';
import type { OAuthClient } from './definition.ts';
import { hideSecrets, type OAuthAnswer, type OAuthRequest } from './token-endpoint.ts';
import type { TokenIdentity, Tokens } from './tokens.ts';

/**
 * Reads what a token endpoint answered. A refusal that asking again cannot mend is an `authentication` failure with the
 * server's own code; trouble of the server is `upstream` or `rate-limit`, an answer that is none `protocol`.
 */
export function readTokens(answer: OAuthAnswer, client: OAuthClient, request: OAuthRequest): Result<Tokens> {
  const { status, members, askedAtMs } = answer;
  const text = tokenText(members['access_token'] ?? members['key']);
  // Some servers say no with status 200.
  if (status !== 200 || members['error'] !== undefined) return failed(refusalOf(answer, client, request));
  if (text === undefined)
    return failed({ kind: 'protocol', status, message: 'The authorization server answered without a token.' });
  const refresh = tokenText(members['refresh_token']);
  const livesMs = livesMsOf(members['expires_in']);
  const { token_type: type, scope } = members;
  const identity = identityOf(members['id_token']);
  return ok({
    accessToken: new Secret(text),
    tokenType: typeof type === 'string' && type !== '' ? type : 'Bearer',
    ...(refresh !== undefined && { refreshToken: new Secret(refresh) }),
    // Counted from when we asked: the answer may have been long on its way.
    ...(livesMs !== undefined && { livesMs, expiresAtMs: askedAtMs + livesMs }),
    ...(typeof scope === 'string' && scope !== '' && { scope }),
    ...(identity !== undefined && { identity }),
  });
}

/** Codes after which only a person can help: somebody signs in again, or mends the client. */
const FINAL = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'access_denied',
  'invalid_scope',
  'unsupported_grant_type',
  'expired_token',
]);

/** What a server that gave no token meant by it; never shows what was sent. */
export function refusalOf({ status, members }: OAuthAnswer, client: OAuthClient, request: OAuthRequest): Failure {
  const code = codeOf(members['error']);
  const { error_description: why } = members;
  const said = typeof why === 'string' && why !== '' ? ` (${why.slice(0, 200)})` : '';
  const failure: Failure = {
    kind: kindOf(status, code),
    message: `${code ?? `status ${status}`}${said}`,
    status,
    ...(code !== undefined && { code }),
  };
  return hideSecrets(failure, client, request);
}

/** OAuth says it as a text; others wrap it into an object. */
function codeOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error.slice(0, 100);
  if (typeof error !== 'object' || error === null) return undefined;
  const { type, code, status } = error as Readonly<Record<string, unknown>>;
  return [type, status, code].find((each): each is string => typeof each === 'string')?.slice(0, 100);
}

function kindOf(status: number, code: string | undefined): FailureKind {
  if (status === 429) return 'rate-limit';
  if (status >= 500) return 'upstream';
  if (code !== undefined && FINAL.has(code)) return 'authentication';
  return status === 401 || status === 403 ? 'authentication' : 'protocol';
}

/** What a header can carry, or nothing. */
const tokenText = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : undefined;

/** Some servers write the number as a text. */
function livesMsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

function identityOf(idToken: unknown): TokenIdentity | undefined {
  if (typeof idToken !== 'string') return undefined;
  try {
    const { sub, email, name } = decodeJwt<{ email?: unknown; name?: unknown }>(idToken);
    return {
      ...(typeof sub === 'string' && { subject: sub }),
      ...(typeof email === 'string' && { email }),
      ...(typeof name === 'string' && { name }),
    };
  } catch {
    return undefined;
  }
}
