import { createHmac, createSecretKey, hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { roleOf } from '@patchbay/contract';
import { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';

import { createAccessTokens, type AccessClaims, type Unread } from './access-tokens.ts';
import type { SessionStore, UserAccount } from './ports.ts';
import type { SessionCookie } from './session-cookie.ts';

/** What a browser gets when it signs in: the cookie, and the word that its page must say with every change. */
export interface OpenedCookie {
  readonly cookie: SessionCookie;
  readonly csrfToken: string;
}

/** Sessions of browsers, which hold a cookie that no script can read. */
export interface CookieSessions {
  /** Always a new session: one that a browser was made to hold before is never taken over. */
  open(user: UserAccount): Promise<OpenedCookie>;
  /** Makes a session last on from now; `over` when it has ended meanwhile. */
  prolong(user: UserAccount, sessionId: string): Promise<OpenedCookie | 'over'>;
  /** What a cookie says; it was signed here and has not expired. */
  read(text: string): Promise<AccessClaims | Unread>;
  csrfTokenOf(sessionId: string): string;
  /** Why a request with this session's cookie is not done: another site may have made the browser send it. */
  suspicion(request: CookieRequest, sessionId: string): CookieSuspicion | undefined;
}

/** `foreign-page`: another site's page sent it. `no-csrf-token`: it changes something without the page's word. */
export type CookieSuspicion = 'foreign-page' | 'no-csrf-token';

/** What is looked at of a request. */
export interface CookieRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

export interface CookieSessionParts {
  /** The installation's secret for tokens; cookies have keys of their own, made from it. */
  readonly secret: Secret;
  readonly store: Pick<SessionStore, 'insert' | 'prolongFamily'>;
  readonly clock: Clock;
  /** How long a session lasts without being used, in milliseconds. */
  readonly lastsMs: number;
}

/** Methods that change nothing. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Where a browser may say that a request comes from: our own page, or the person at the keyboard. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/** Sessions whose cookie is a signed text, which is not taken as a token, nor a token as it. */
export function createCookieSessions({ secret, store, clock, lastsMs }: CookieSessionParts): CookieSessions {
  const maxAgeS = Math.floor(lastsMs / 1000);
  const tokens = createAccessTokens({ secret: derived(secret, 'cookie'), expiresInS: maxAgeS, clock });
  const csrfKey = createSecretKey(Buffer.from(derived(secret, 'csrf').reveal()));
  const csrfTokenOf = (sessionId: string): string =>
    createHmac('sha256', csrfKey).update(sessionId).digest('base64url');
  const opened = async ({ id: userId, username, role }: UserAccount, sessionId: string): Promise<OpenedCookie> => {
    const claims = { userId, sessionId, username, role: roleOf(role) ?? 'viewer', permissions: [] };
    return { cookie: { text: await tokens.sign(claims), maxAgeS }, csrfToken: csrfTokenOf(sessionId) };
  };
  return {
    async open(user) {
      const sessionId = randomUUID();
      const issuedAtMs = clock.nowMs();
      await store.insert({
        id: randomUUID(),
        familyId: sessionId,
        userId: user.id,
        // Nobody is told what this is the hash of: the row stands for the session and is never exchanged.
        hash: hash('sha256', randomBytes(32), 'hex'),
        issuedAtMs,
        expiresAtMs: issuedAtMs + lastsMs,
      });
      return opened(user, sessionId);
    },
    async prolong(user, sessionId) {
      const nowMs = clock.nowMs();
      return (await store.prolongFamily(sessionId, nowMs, nowMs + lastsMs)) ? opened(user, sessionId) : 'over';
    },
    read: (text) => tokens.read(text),
    csrfTokenOf,
    suspicion: (request, sessionId) => suspicionOf(request, csrfTokenOf(sessionId)),
  };
}

function suspicionOf({ method, headers }: CookieRequest, csrfToken: string): CookieSuspicion | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !OWN_SITES.has(String(site))) return 'foreign-page';
  if (SAFE_METHODS.has(method)) return undefined;
  return isSame(headers['x-csrf-token'], csrfToken) ? undefined : 'no-csrf-token';
}

function isSame(shown: string | readonly string[] | undefined, wanted: string): boolean {
  if (typeof shown !== 'string') return false;
  const [a, b] = [Buffer.from(shown), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A key for one purpose, so that nothing signed for one is good for another. */
const derived = (secret: Secret, purpose: string): Secret =>
  new Secret(createHmac('sha256', Buffer.from(secret.reveal())).update(`patchbay console ${purpose}`).digest('hex'));
