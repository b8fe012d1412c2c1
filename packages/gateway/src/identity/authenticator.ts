import type { IncomingHttpHeaders } from 'node:http';

import { roleOf, ROLE_PERMISSIONS, type Role } from '@patchbay/contract';
import type { Clock } from '@patchbay/llm/model/clock';

import type { AccessClaims, AccessTokens } from './access-tokens.ts';
import { isFromThisMachine } from './open-loopback.ts';
import type { KeyVerifier, SessionStore, UserDirectory } from './ports.ts';
import type { Principal } from './principal.ts';

/** Why a credential opens nothing. `calls-only`: a good key, but for models. */
export type Refusal = 'malformed' | 'expired' | 'invalid' | 'ended' | 'calls-only';

/** Who asks; `anonymous` without any credential. */
export type Identified =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly why: Refusal };

/** Finds out who sent a management request. Rejects when the store does not answer. */
export interface Authenticator {
  identify(headers: IncomingHttpHeaders, peer: string): Promise<Identified>;
  /** Session of a token that was signed here and has not expired, without asking the store. */
  sessionOf(headers: IncomingHttpHeaders): Promise<string | undefined>;
  /**
   * Who such a token says it is for: enough to look at the system while the store is away, not to change anything, since
   * that user may have been kept out meanwhile.
   */
  claimedIn(headers: IncomingHttpHeaders): Promise<Principal | undefined>;
}

export interface AuthenticatorParts {
  readonly tokens: AccessTokens;
  readonly users: UserDirectory;
  readonly sessions: Pick<SessionStore, 'isFamilyAlive'>;
  readonly keys: KeyVerifier;
  readonly clock: Clock;
  /** True when requests from this machine without a credential act as an administrator. */
  readonly openLoopback: boolean;
}

/** Takes access tokens and administrative keys, as `Authorization: Bearer` or `X-API-Key`. */
export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  return {
    async identify(headers, peer) {
      const shown = credentialIn(headers);
      if (shown === 'none')
        return parts.openLoopback && isFromThisMachine(peer, headers)
          ? { kind: 'principal', principal: LOOPBACK }
          : { kind: 'anonymous' };
      if (shown === 'malformed') return refused('malformed');
      return isToken(shown.text) ? ofToken(parts, shown.text) : ofKey(parts.keys.verify(shown.text));
    },
    sessionOf: async (headers) => (await claimsOf(parts, headers))?.sessionId,
    async claimedIn(headers) {
      const claims = await claimsOf(parts, headers);
      return claims && { ...of('user', claims.userId, claims.username, claims.role), sessionId: claims.sessionId };
    },
  };
}

async function claimsOf(
  { tokens }: AuthenticatorParts,
  headers: IncomingHttpHeaders,
): Promise<AccessClaims | undefined> {
  const shown = credentialIn(headers);
  if (typeof shown === 'string' || !isToken(shown.text)) return undefined;
  const claims = await tokens.read(shown.text);
  return typeof claims === 'string' ? undefined : claims;
}

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

/** The user is read anew each time: whoever is disabled or degraded is so at once, on every replica. */
async function ofToken({ tokens, users, sessions, clock }: AuthenticatorParts, token: string): Promise<Identified> {
  const claims = await tokens.read(token);
  if (typeof claims === 'string') return refused(claims);
  const { userId, sessionId } = claims;
  const [user, isAlive] = await Promise.all([users.get(userId), sessions.isFamilyAlive(sessionId, clock.nowMs())]);
  if (user?.status !== 'active' || !isAlive) return refused('ended');
  const role = roleOf(user.role);
  if (role === undefined) return refused('ended');
  return { kind: 'principal', principal: { ...of('user', userId, user.username, role), sessionId } };
}

function ofKey(caller: ReturnType<KeyVerifier['verify']>): Identified {
  if (typeof caller === 'string') return refused('invalid');
  const role = caller.role === undefined ? undefined : roleOf(caller.role);
  if (role === undefined) return refused('calls-only');
  return { kind: 'principal', principal: of('api-key', caller.userId ?? caller.keyId, caller.label, role) };
}

const of = (kind: Principal['kind'], id: string, name: string, role: Role): Principal => ({
  kind,
  id,
  name,
  role,
  permissions: new Set(ROLE_PERMISSIONS[role]),
});

const LOOPBACK = of('loopback', 'loopback', 'loopback', 'admin');

const refused = (why: Refusal): Identified => ({ kind: 'refused', why });
