import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { Account, CreateAccount, ListAccounts, Message, sliceOf, UpdateAccount } from '../resources/account.ts';
import { ById } from '../resources/page.ts';

const FACE = 'accounts';
const PATH = '/api/v1/accounts';

/** Operations of upstream accounts, by id. Users reach their own; administrators all. */
export const ACCOUNT_OPERATIONS = {
  'accounts.list': operation({
    id: 'accounts.list',
    face: FACE,
    method: 'GET',
    path: PATH,
    permission: 'accounts:read',
    summary: 'Upstream accounts.',
    query: ListAccounts,
    output: sliceOf(Account),
  }),
  'accounts.create': operation({
    id: 'accounts.create',
    face: FACE,
    method: 'POST',
    path: PATH,
    permission: 'accounts:write',
    summary: 'Add an account; the next request may use it.',
    body: CreateAccount,
    output: Account,
    status: 201,
    failures: ['PROVIDER_NOT_FOUND', 'VALIDATION_ERROR'],
  }),
  'accounts.get': operation({
    id: 'accounts.get',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{id}`,
    permission: 'accounts:read',
    summary: 'One account.',
    params: ById,
    output: Account,
    failures: ['NOT_FOUND'],
  }),
  'accounts.update': operation({
    id: 'accounts.update',
    face: FACE,
    method: 'PUT',
    path: `${PATH}/{id}`,
    permission: 'accounts:write',
    summary: 'Change an account; what is not said stays.',
    params: ById,
    body: UpdateAccount,
    output: Account,
    failures: ['NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR'],
  }),
  'accounts.delete': operation({
    id: 'accounts.delete',
    face: FACE,
    method: 'DELETE',
    path: `${PATH}/{id}`,
    permission: 'accounts:delete',
    summary: 'Remove an account.',
    params: ById,
    output: Message,
    failures: ['NOT_FOUND'],
  }),
  'accounts.resetHealth': operation({
    id: 'accounts.resetHealth',
    face: FACE,
    method: 'POST',
    path: `${PATH}/{id}/reset`,
    permission: 'accounts:write',
    summary: 'Forget an account’s failures and cooldowns.',
    params: ById,
    body: z.object({ model: z.optional(z.string()) }),
    bodyOptional: true,
    output: Account,
    failures: ['NOT_FOUND'],
  }),
} as const;
