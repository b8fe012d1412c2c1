import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { KitOAuth, KitOAuthAsk, KitOAuthRevoked, KitOAuths, KitOAuthStarted } from '../resources/kit-oauth.ts';
import { kitEnvelope } from '../resources/kit.ts';

const PATH = '/api/oauth';
const Of = z.object({ provider: z.string() });
/** Which of several accounts; it may be left out where there is one. */
const Which = z.object({ account_id: z.optional(z.string()) });
const UNKNOWN = ['PROVIDER_NOT_FOUND', 'NOT_OAUTH_PROVIDER'] as const;

const initiate = {
  face: 'kit',
  path: `${PATH}/{provider}/initiate`,
  permission: 'accounts:write',
  summary: 'Begin to sign an account in: sends the browser to the provider, or says where with `response=json`.',
  params: Of,
  query: KitOAuthAsk,
  output: kitEnvelope(KitOAuthStarted),
  failures: [...UNKNOWN, 'INVALID_REQUEST', 'OAUTH_INITIATE_FAILED'],
  reads: true,
} as const;

const callback = {
  face: 'kit',
  path: `${PATH}/{provider}/callback`,
  permission: 'public',
  summary: 'Where the provider sends the browser back to, with a state that works once.',
  params: Of,
  query: z.looseObject({
    code: z.optional(z.string()),
    state: z.optional(z.string()),
    error: z.optional(z.string()),
  }),
  output: kitEnvelope(KitOAuth),
  failures: [...UNKNOWN, 'MISSING_PARAMETER', 'OAUTH_CALLBACK_FAILED'],
} as const;

const revoke = {
  face: 'kit',
  path: `${PATH}/{provider}/revoke`,
  permission: 'accounts:delete',
  summary: 'Give the tokens of an account up at the provider, and switch it off.',
  params: Of,
  query: Which,
  output: kitEnvelope(KitOAuthRevoked),
  failures: [...UNKNOWN, 'NOT_FOUND', 'MISSING_PARAMETER', 'REVOKE_FAILED'],
} as const;

/** Operations of signing accounts in, as backends of the library have them, by id. */
export const KIT_OAUTH_OPERATIONS = {
  'kit.oauthAccounts': operation({
    id: 'kit.oauthAccounts',
    face: 'kit',
    method: 'GET',
    path: PATH,
    aliases: [`${PATH}/list`],
    permission: 'accounts:read',
    summary: 'Providers whose accounts can be signed in to, and how that stands.',
    output: kitEnvelope(KitOAuths),
  }),
  'kit.oauthStatus': operation({
    id: 'kit.oauthStatus',
    face: 'kit',
    method: 'GET',
    path: `${PATH}/{provider}/status`,
    permission: 'accounts:read',
    summary: 'How signing in to a provider stands; with `state`, how far that sign-in is.',
    params: Of,
    query: z.object({ state: z.optional(z.string()) }),
    output: kitEnvelope(KitOAuth),
    failures: [...UNKNOWN, 'NOT_FOUND'],
  }),
  'kit.oauthOpen': operation({ ...initiate, id: 'kit.oauthOpen', method: 'GET' }),
  'kit.oauthInitiate': operation({ ...initiate, id: 'kit.oauthInitiate', method: 'POST' }),
  'kit.oauthCallback': operation({ ...callback, id: 'kit.oauthCallback', method: 'GET' }),
  'kit.oauthFinish': operation({ ...callback, id: 'kit.oauthFinish', method: 'POST' }),
  'kit.oauthRefresh': operation({
    id: 'kit.oauthRefresh',
    face: 'kit',
    method: 'POST',
    path: `${PATH}/{provider}/refresh`,
    permission: 'accounts:write',
    summary: 'Exchange the token of an account now.',
    params: Of,
    query: Which,
    output: kitEnvelope(KitOAuth),
    failures: [...UNKNOWN, 'NOT_FOUND', 'MISSING_PARAMETER', 'REFRESH_FAILED'],
  }),
  'kit.oauthRevoke': operation({ ...revoke, id: 'kit.oauthRevoke', method: 'POST' }),
  'kit.oauthRemove': operation({ ...revoke, id: 'kit.oauthRemove', method: 'DELETE' }),
} as const;
