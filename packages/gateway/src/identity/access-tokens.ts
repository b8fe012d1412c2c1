import { createSecretKey } from 'node:crypto';

import { roleOf, type Role } from '@patchbay/contract';
import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';

/** What an access token says. The store is asked again at each use: a token alone opens nothing. */
export interface AccessClaims {
  readonly userId: string;
  /** Family of the refresh tokens that this one came with. */
  readonly sessionId: string;
  /** As they were when the token was signed. */
  readonly username: string;
  readonly role: Role;
}

/** Why a token says nothing here. */
export type Unread = 'expired' | 'foreign' | 'invalid';

/** Signs and reads access tokens: JSON web tokens under one secret of the installation. */
export interface AccessTokens {
  /** How long a token opens anything, in seconds. */
  readonly expiresInS: number;
  sign(bearer: Bearer): Promise<string>;
  /** `foreign`: whole, and signed by another secret than ours. */
  read(token: string): Promise<AccessClaims | Unread>;
}

/** Whom a token is made for. */
export interface Bearer extends AccessClaims {
  readonly permissions: readonly string[];
}

export interface AccessTokenParts {
  readonly secret: Secret;
  readonly expiresInS: number;
  readonly clock: Clock;
}

/** Longer texts are no tokens of ours and are not worth a signature. */
const TOKEN_CHARACTERS_MAX = 8192;

/** HS256, with a header of exactly `{"alg":"HS256","typ":"JWT"}`. */
export function createAccessTokens({ secret, expiresInS, clock }: AccessTokenParts): AccessTokens {
  const key = createSecretKey(Buffer.from(secret.reveal()));
  const nowS = (): number => Math.floor(clock.nowMs() / 1000);
  return {
    expiresInS,
    sign: ({ userId, sessionId, username, role, permissions }) =>
      new SignJWT({ user_id: userId, username, role, permissions, sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(userId)
        .setIssuedAt(nowS())
        .setExpirationTime(nowS() + expiresInS)
        .sign(key),
    async read(token) {
      if (token.length > TOKEN_CHARACTERS_MAX) return 'invalid';
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: 'JWT',
          requiredClaims: ['exp', 'sid'],
          currentDate: new Date(clock.nowMs()),
        });
        return claimsIn(payload) ?? 'invalid';
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed) return 'foreign';
        return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
      }
    },
  };
}

function claimsIn({ sub, sid, username, role }: JWTPayload): AccessClaims | undefined {
  const known = typeof role === 'string' ? roleOf(role) : undefined;
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof username !== 'string') return undefined;
  return known && { userId: sub, sessionId: sid, username, role: known };
}
