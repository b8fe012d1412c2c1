import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { CostBreakdown, Recommendations, Traffic, UsageDashboard, UsageQuery, UsageSums } from '../resources/usage.ts';

const FACE = 'catalogue';
const PATH = '/api/admin/usage-analytics';

/** Operations of usage, by id. */
export const USAGE_OPERATIONS = {
  'usage.dashboard': operation({
    id: 'usage.dashboard',
    face: FACE,
    method: 'GET',
    path: `${PATH}/dashboard`,
    permission: 'usage:read',
    summary: 'Calls, tokens and money by provider, model and hour, from the call records.',
    query: UsageQuery,
    output: UsageDashboard,
  }),
  'usage.traffic': operation({
    id: 'usage.traffic',
    face: FACE,
    method: 'GET',
    path: `${PATH}/traffic`,
    permission: 'usage:read',
    summary:
      'Requests, errors, tokens, money and how long they took, over time and by model, provider, account and key.',
    query: UsageQuery,
    output: Traffic,
  }),
  'usage.costBreakdown': operation({
    id: 'usage.costBreakdown',
    face: FACE,
    method: 'GET',
    path: `${PATH}/cost-breakdown`,
    permission: 'usage:read',
    summary: 'What was spent on what.',
    query: UsageQuery,
    output: CostBreakdown,
  }),
  'usage.recommendations': operation({
    id: 'usage.recommendations',
    face: FACE,
    method: 'GET',
    path: `${PATH}/recommendations`,
    permission: 'usage:read',
    summary: 'What the figures suggest, each with its evidence.',
    query: UsageQuery,
    output: Recommendations,
  }),
  'usage.ofProvider': operation({
    id: 'usage.ofProvider',
    face: FACE,
    method: 'GET',
    path: `${PATH}/providers/{providerId}/stats`,
    permission: 'usage:read',
    summary: 'What one provider did.',
    params: z.object({ providerId: z.string().check(z.minLength(1), z.maxLength(255)) }),
    query: UsageQuery,
    output: z.extend(UsageSums, { providerId: z.string() }),
    failures: ['PROVIDER_NOT_FOUND'],
  }),
  'usage.export': operation({
    id: 'usage.export',
    face: FACE,
    method: 'GET',
    path: `${PATH}/export`,
    permission: 'usage:read',
    summary: 'Usage by provider and model as CSV.',
    query: UsageQuery,
    output: z.unknown(),
    contentType: 'text/csv; charset=utf-8',
  }),
} as const;
