import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { AccountPolicy, SetAccountPolicy } from '../resources/account-policy.ts';

const FACE = 'accounts';
const PATH = '/api/v1/account-policies';
const ByProvider = z.object({ provider: z.string().check(z.minLength(1), z.maxLength(50)) });

/** Operations on how accounts are chosen, by id. */
export const ACCOUNT_POLICY_OPERATIONS = {
  'accountPolicies.list': operation({
    id: 'accountPolicies.list',
    face: FACE,
    method: 'GET',
    path: PATH,
    permission: 'accounts:read',
    summary: 'How calls choose among the accounts of each provider that can be called.',
    output: z.object({ policies: z.array(AccountPolicy), total: z.int() }),
  }),
  'accountPolicies.get': operation({
    id: 'accountPolicies.get',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{provider}`,
    permission: 'accounts:read',
    summary: 'How calls choose among the accounts of one provider.',
    params: ByProvider,
    output: AccountPolicy,
    failures: ['PROVIDER_NOT_FOUND'],
  }),
  'accountPolicies.set': operation({
    id: 'accountPolicies.set',
    face: FACE,
    method: 'PUT',
    path: `${PATH}/{provider}`,
    permission: 'providers:write',
    summary: 'Choose how calls choose among the accounts of a provider; holds within a second everywhere.',
    params: ByProvider,
    body: SetAccountPolicy,
    output: AccountPolicy,
    failures: ['PROVIDER_NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR'],
  }),
} as const;
