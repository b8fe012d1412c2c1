import type { IncomingHttpHeaders } from 'node:http';

import { roleOf, ROLE_PERMISSIONS, type Role } from '@patchbay/contract';
import type { Clock } from '@patchbay/llm/model/clock';

import type { AccessClaims, AccessTokens, Unread } from './access-tokens.ts';
import type { CookieRequest, CookieSessions, CookieSuspicion } from './cookie-sessions.ts';
import { isFromThisMachine } from './open-loopback.ts';
import type { KeyVerifier, SessionStore, UserDirectory } from './ports.ts';
import type { Principal } from './principal.ts';
import { sessionCookieIn } from './session-cookie.ts';

type UnusableKey = 'unknown-key' | 'revoked-key' | 'expired-key';

/** Why a credential opens nothing. `calls-only`: a good key, but for models. */
export type Refusal = 'malformed' | Unread | 'ended' | 'calls-only' | UnusableKey | CookieSuspicion;

/** Who asks; `anonymous` without any credential. */
export type Identified =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly why: Refusal };

/** Finds out who sent a management request. Rejects when the store does not answer. */
export interface Authenticator {
  identify(request: CookieRequest, peer: string): Promise<Identified>;
  /** Session of a token or a cookie that was signed here and has not expired, without asking the store. */
  sessionOf(headers: IncomingHttpHeaders): Promise<string | undefined>;
  /**
   * Who such a token says it is for: enough to look at the system while the store is away, not to change anything, since
   * that user may have been kept out meanwhile.
   */
  claimedIn(headers: IncomingHttpHeaders): Promise<Principal | undefined>;
}

export interface AuthenticatorParts {
  readonly tokens: AccessTokens;
  readonly cookies: Pick<CookieSessions, 'read' | 'suspicion'>;
  readonly users: UserDirectory;
  readonly sessions: Pick<SessionStore, 'isFamilyAlive'>;
  readonly keys: KeyVerifier;
  readonly clock: Clock;
  /** True when requests from this machine without a credential act as an administrator. */
  readonly openLoopback: boolean;
}

/**
 * Takes access tokens and administrative keys, as `Authorization: Bearer` or `X-API-Key`; where there is neither, the
 * cookie of the console's session, under the rules against other sites' pages.
 */
export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  return {
    async identify(request, peer) {
      const { headers } = request;
      const shown = credentialIn(headers);
      const cookie = shown === 'none' ? sessionCookieIn(headers) : undefined;
      if (cookie !== undefined) return ofCookie(parts, request, cookie);
      if (shown === 'none')
        return parts.openLoopback && isFromThisMachine(peer, headers)
          ? { kind: 'principal', principal: LOOPBACK }
          : { kind: 'anonymous' };
      if (shown === 'malformed') return refused('malformed');
      return isToken(shown.text)
        ? ofClaims(parts, await parts.tokens.read(shown.text))
        : ofKey(parts.keys.verify(shown.text));
    },
    sessionOf: async (headers) => (await claimsOf(parts, headers))?.sessionId,
    async claimedIn(headers) {
      const claims = await claimsOf(parts, headers);
      return claims && { ...of('user', claims.userId, claims.username, claims.role), sessionId: claims.sessionId };
    },
  };
}

async function claimsOf(
  { tokens, cookies }: AuthenticatorParts,
  headers: IncomingHttpHeaders,
): Promise<AccessClaims | undefined> {
  const shown = credentialIn(headers);
  const cookie = shown === 'none' ? sessionCookieIn(headers) : undefined;
  if (cookie !== undefined) return claimsOrNone(await cookies.read(cookie));
  if (typeof shown === 'string' || !isToken(shown.text)) return undefined;
  return claimsOrNone(await tokens.read(shown.text));
}

const claimsOrNone = (read: AccessClaims | string): AccessClaims | undefined =>
  typeof read === 'string' ? undefined : read;

type Shown = { readonly text: string } | 'none' | 'malformed';

function credentialIn(headers: IncomingHttpHeaders): Shown {
  const { authorization } = headers;
  const key = headers['x-api-key'] ?? headers['x-access-key'];
  if (authorization === undefined) return typeof key === 'string' && key !== '' ? { text: key } : 'none';
  const text = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
  return text === undefined ? 'malformed' : { text };
}

/** A JSON object in base64url begins like this. */
const isToken = (text: string): boolean => text.startsWith('eyJ') && text.split('.').length === 3;

/** Browsers send cookies by themselves: that one came along does not yet say that our own page wanted the request. */
async function ofCookie(parts: AuthenticatorParts, request: CookieRequest, cookie: string): Promise<Identified> {
  const claims = await parts.cookies.read(cookie);
  const suspicion = typeof claims === 'string' ? undefined : parts.cookies.suspicion(request, claims.sessionId);
  if (suspicion !== undefined) return refused(suspicion);
  const identified = await ofClaims(parts, claims);
  if (identified.kind !== 'principal') return identified;
  return { kind: 'principal', principal: { ...identified.principal, byCookie: true } };
}

/** The user is read anew each time: whoever is disabled or degraded is so at once, on every replica. */
async function ofClaims(
  { users, sessions, clock }: AuthenticatorParts,
  claims: AccessClaims | Unread,
): Promise<Identified> {
  if (typeof claims === 'string') return refused(claims);
  const { userId, sessionId } = claims;
  const [user, isAlive] = await Promise.all([users.get(userId), sessions.isFamilyAlive(sessionId, clock.nowMs())]);
  if (user?.status !== 'active' || !isAlive) return refused('ended');
  const role = roleOf(user.role);
  if (role === undefined) return refused('ended');
  return { kind: 'principal', principal: { ...of('user', userId, user.username, role), sessionId } };
}

function ofKey(caller: ReturnType<KeyVerifier['verify']>): Identified {
  if (typeof caller === 'string') return refused(KEY_REFUSALS[caller]);
  const role = caller.role === undefined ? undefined : roleOf(caller.role);
  if (role === undefined) return refused('calls-only');
  const principal = { ...of('api-key', caller.userId ?? caller.keyId, caller.label, role), caller };
  return { kind: 'principal', principal };
}

const of = (kind: Principal['kind'], id: string, name: string, role: Role): Principal => ({
  kind,
  id,
  name,
  role,
  permissions: new Set(ROLE_PERMISSIONS[role]),
});

const LOOPBACK = of('loopback', 'loopback', 'loopback', 'admin');

/** What a key that opens nothing is told: nobody learns from it whether there ever was such a key. */
const KEY_REFUSALS = { unknown: 'unknown-key', revoked: 'revoked-key', expired: 'expired-key' } as const;

const refused = (why: Refusal): Identified => ({ kind: 'refused', why });
