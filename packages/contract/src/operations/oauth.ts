import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { Account, Message } from '../resources/account.ts';
import {
  OAuthAccount,
  OAuthDone,
  OAuthExchange,
  OAuthInit,
  OAuthProvider,
  OAuthStarted,
  OAuthStatus,
} from '../resources/oauth.ts';

const FACE = 'accounts';
const PATH = '/api/v1/oauth';

/** Operations of signing accounts in, by id. */
export const OAUTH_OPERATIONS = {
  'oauth.providers': operation({
    id: 'oauth.providers',
    face: FACE,
    method: 'GET',
    path: `${PATH}/providers`,
    permission: 'public',
    summary: 'Providers whose accounts can be signed in to.',
    output: z.object({ providers: z.array(OAuthProvider) }),
  }),
  'oauth.init': operation({
    id: 'oauth.init',
    face: FACE,
    method: 'POST',
    path: `${PATH}/init`,
    permission: 'accounts:write',
    summary: 'Begin to sign an account in.',
    body: OAuthInit,
    output: OAuthStarted,
    failures: ['PROVIDER_NOT_FOUND', 'VALIDATION_ERROR', 'EXTERNAL_SERVICE_ERROR'],
    reads: true,
  }),
  'oauth.callback': operation({
    id: 'oauth.callback',
    face: FACE,
    method: 'GET',
    path: `${PATH}/callback`,
    permission: 'public',
    summary: 'Where the provider sends the browser back to; a page that tells its opener and closes.',
    query: z.looseObject({
      code: z.optional(z.string()),
      state: z.optional(z.string()),
      error: z.optional(z.string()),
    }),
    output: z.unknown(),
    contentType: 'text/html; charset=utf-8',
  }),
  'oauth.exchange': operation({
    id: 'oauth.exchange',
    face: FACE,
    method: 'POST',
    path: `${PATH}/exchange`,
    permission: 'accounts:write',
    summary: 'End a sign-in with the address that the browser was sent back to.',
    body: OAuthExchange,
    output: OAuthDone,
    failures: ['VALIDATION_ERROR', 'EXTERNAL_SERVICE_ERROR'],
  }),
  'oauth.status': operation({
    id: 'oauth.status',
    face: FACE,
    method: 'GET',
    path: `${PATH}/status/{state}`,
    permission: 'accounts:read',
    summary: 'How far a sign-in is.',
    params: z.object({ state: z.string() }),
    output: OAuthStatus,
    failures: ['NOT_FOUND'],
  }),
  'oauth.refresh': operation({
    id: 'oauth.refresh',
    face: FACE,
    method: 'POST',
    path: `${PATH}/refresh`,
    permission: 'accounts:write',
    summary: 'Exchange an account’s token now.',
    body: OAuthAccount,
    output: z.object({ success: z.literal(true), account: Account }),
    failures: ['NOT_FOUND', 'EXTERNAL_SERVICE_ERROR'],
  }),
  'oauth.revoke': operation({
    id: 'oauth.revoke',
    face: FACE,
    method: 'POST',
    path: `${PATH}/revoke`,
    permission: 'accounts:delete',
    summary: 'Give an account’s tokens up at the provider, and switch it off.',
    body: OAuthAccount,
    output: Message,
    failures: ['NOT_FOUND', 'EXTERNAL_SERVICE_ERROR'],
  }),
} as const;
