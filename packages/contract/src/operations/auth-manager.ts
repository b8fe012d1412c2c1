import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { AccountHealth } from '../resources/account.ts';
import { ById, Timestamp } from '../resources/page.ts';

const FACE = 'accounts';
const PATH = '/api/v1/auth-manager';

/** Why something is not chosen, and until when. */
const Block = z.object({ reason: z.string(), until: Timestamp, probing: z.boolean() });

/** An account as calls choose from it now; counts since the start of this process. */
const AccountState = z.looseObject({
  id: z.string(),
  provider: z.string(),
  label: z.string(),
  status: AccountHealth,
  blocked: z.optional(Block),
  models: z.record(z.string(), Block),
});

/** Operations that look at how accounts are chosen, by id. */
export const AUTH_MANAGER_OPERATIONS = {
  'authManager.accounts': operation({
    id: 'authManager.accounts',
    face: FACE,
    method: 'GET',
    path: `${PATH}/accounts`,
    permission: 'system:config',
    summary: 'Every account that calls choose from, and what keeps it from being chosen.',
    output: z.object({ accounts: z.array(AccountState), total: z.int() }),
  }),
  'authManager.account': operation({
    id: 'authManager.account',
    face: FACE,
    method: 'GET',
    path: `${PATH}/accounts/{id}`,
    permission: 'system:config',
    summary: 'One of those accounts.',
    params: ById,
    output: AccountState,
    failures: ['NOT_FOUND'],
  }),
  'authManager.metrics': operation({
    id: 'authManager.metrics',
    face: FACE,
    method: 'GET',
    path: `${PATH}/metrics`,
    permission: 'system:config',
    summary: 'How often accounts were chosen, and how often they had to rest.',
    output: z.object({
      rotation_counts: z.record(z.string(), z.int()),
      cooldown_events: z.int(),
      selection_stats: z.object({ total: z.int(), success: z.int(), blocked: z.int() }),
      account_count: z.int(),
    }),
  }),
  'authManager.health': operation({
    id: 'authManager.health',
    face: FACE,
    method: 'GET',
    path: `${PATH}/health`,
    permission: 'system:config',
    summary: 'Whether any account can be chosen.',
    output: z.object({
      status: z.enum(['healthy', 'degraded', 'critical']),
      total: z.int(),
      healthy: z.int(),
      blocked: z.int(),
    }),
  }),
} as const;
