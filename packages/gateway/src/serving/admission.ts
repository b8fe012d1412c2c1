import type { Operation, OperationFailure, Permission } from '@patchbay/contract';
import type { FastifyRequest } from 'fastify';

import type { Authenticator, Identified, Refusal } from '../identity/authenticator.ts';
import { allows, type Principal } from '../identity/principal.ts';

/** Somebody who may, or why not. */
export type Admission =
  | { readonly ok: true; readonly principal: Principal | undefined }
  | {
      readonly ok: false;
      readonly failure: OperationFailure;
      /** Why, in a word that does not change, and what else helps to find who it was. */
      readonly why: string;
      readonly detail: string;
    };

/** Decides who may have an operation done. Rejects when the store does not answer. */
export async function admit(
  authenticator: Authenticator,
  operation: Pick<Operation, 'permission'>,
  request: FastifyRequest,
): Promise<Admission> {
  const { permission } = operation;
  const found = authenticator.identify(request, request.socket.remoteAddress ?? '');
  // Open routes also serve while the store is away, and those whose credential is no longer good.
  if (permission === 'public') return { ok: true, principal: principalIn(await found.catch(() => undefined)) };
  const identified = await found.catch(async (error: unknown): Promise<Identified> => {
    // Whoever looks why nothing works must see that it is the store.
    const principal = permission === 'system:view' ? await authenticator.claimedIn(request.headers) : undefined;
    if (principal === undefined) throw error;
    return { kind: 'principal', principal };
  });
  if (identified.kind === 'anonymous') return unauthorized(MISSING, 'AUTHENTICATION_REQUIRED', 'missing');
  if (identified.kind === 'refused') return refusal(identified.why);
  const { principal } = identified;
  const failure = lackOf(operation, principal);
  if (failure === undefined) return { ok: true, principal };
  const detail = `the role ${principal.role} lacks ${permission}`;
  return { ok: false, failure, why: 'lacks-permission', detail };
}

/** Why somebody known may not have an operation done; `undefined` when they may. */
export function lackOf(
  { permission }: Pick<Operation, 'permission'>,
  principal: Principal,
): OperationFailure | undefined {
  if (permission === 'public' || permission === 'signed-in' || allows(principal, permission)) return undefined;
  return lacking(permission, principal);
}

function refusal(why: Refusal): Admission {
  if (why === 'calls-only') return { ok: false, failure: CALLS_ONLY, why, detail: '' };
  if (why === 'foreign-page' || why === 'no-csrf-token')
    return { ok: false, failure: NOT_OUR_PAGE[why], why, detail: '' };
  return unauthorized(why === 'malformed' ? NO_BEARER : INVALID, REASONS[why], why);
}

const principalIn = (found: Identified | undefined): Principal | undefined =>
  found?.kind === 'principal' ? found.principal : undefined;

const MISSING = 'Authentication is required. Send a token as `Authorization: Bearer <token>`.';
const NO_BEARER = 'Invalid Authorization header. Send a token as `Authorization: Bearer <token>`.';
const INVALID = 'Invalid or expired JWT token';

const REASONS = {
  malformed: 'TOKEN_INVALID',
  invalid: 'TOKEN_INVALID',
  foreign: 'TOKEN_INVALID',
  'unknown-key': 'TOKEN_INVALID',
  'revoked-key': 'TOKEN_INVALID',
  'expired-key': 'TOKEN_INVALID',
  expired: 'TOKEN_EXPIRED',
  ended: 'SESSION_ENDED',
} as const;

/** One code for all, which documented clients know; the reason says which. */
const unauthorized = (message: string, reason: string, why: string): Admission => ({
  ok: false,
  why,
  detail: '',
  failure: { code: 'UNAUTHORIZED', message, details: { reason } },
});

const CALLS_ONLY: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'This key opens calls of models only. Sign in, or use a key with the role admin.',
};

const notOurPage = (message: string, reason: string): OperationFailure => ({
  code: 'INSUFFICIENT_PERMISSIONS',
  message,
  details: { reason },
});

const NOT_OUR_PAGE = {
  'foreign-page': notOurPage(
    'A page of another site made the browser send this. Use the console itself, or a token.',
    'FOREIGN_PAGE',
  ),
  'no-csrf-token': notOurPage(
    'A change by the session of a browser needs the header `X-CSRF-Token`. `GET /api/session` tells its value.',
    'CSRF_TOKEN_INVALID',
  ),
} as const;

const PROVIDER_MANAGEMENT = /^(?:providers|models|templates|configuration|secrets):/;

const lacking = (permission: Permission, { role }: Principal): OperationFailure => ({
  code: 'INSUFFICIENT_PERMISSIONS',
  message: PROVIDER_MANAGEMENT.test(permission)
    ? 'Admin role required for provider management'
    : `The role ${role} does not include ${permission}. Ask an administrator.`,
  details: { required: permission, role },
});
