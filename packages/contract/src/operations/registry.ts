import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { HealthStatistics } from '../resources/health.ts';
import { Done } from '../resources/page.ts';
import {
  RegistryHistory,
  RegistryMonitoring,
  RegistryRefreshed,
  RegistryStatus,
  UpdateRegistryMonitoring,
} from '../resources/registry.ts';
import { enveloped } from '../resources/system.ts';

const FACE = 'catalogue';
const SYSTEM = '/api/system/registry';

/** Operations of registry, by id. */
export const REGISTRY_OPERATIONS = {
  'registry.status': operation({
    id: 'registry.status',
    face: FACE,
    method: 'GET',
    path: '/api/admin/providers/registry-status',
    permission: 'providers:read',
    summary: 'What the registry holds, its version, and which rows it could not use.',
    output: RegistryStatus,
    failures: ['REGISTRY_ERROR'],
  }),
  'registry.refresh': operation({
    id: 'registry.refresh',
    face: FACE,
    method: 'POST',
    path: '/api/admin/providers/refresh-registry',
    permission: 'providers:write',
    summary: 'Read the store again now.',
    output: RegistryRefreshed,
    failures: ['REGISTRY_ERROR'],
    reads: true,
  }),
  'system.registryStatus': operation({
    id: 'system.registryStatus',
    face: FACE,
    method: 'GET',
    path: `${SYSTEM}/status`,
    permission: 'system:view',
    summary: 'What the registry holds.',
    output: enveloped(RegistryStatus),
    failures: ['REGISTRY_STATUS_ERROR'],
  }),
  'system.registryHistory': operation({
    id: 'system.registryHistory',
    face: FACE,
    method: 'GET',
    path: `${SYSTEM}/history`,
    permission: 'system:view',
    summary: 'The last versions of the registry in this process, and which rows made each.',
    output: enveloped(RegistryHistory),
  }),
  'system.registryHealth': operation({
    id: 'system.registryHealth',
    face: FACE,
    method: 'GET',
    path: `${SYSTEM}/health`,
    permission: 'system:view',
    summary: 'How many providers are well.',
    output: enveloped(HealthStatistics),
    failures: ['REGISTRY_STATUS_ERROR'],
  }),
  'system.registryRefresh': operation({
    id: 'system.registryRefresh',
    face: FACE,
    method: 'POST',
    path: `${SYSTEM}/refresh`,
    permission: 'system:config',
    summary: 'Read the store again now.',
    output: RegistryRefreshed,
    failures: ['REGISTRY_REFRESH_ERROR'],
    reads: true,
  }),
  'system.registryHealthCheck': operation({
    id: 'system.registryHealthCheck',
    face: FACE,
    method: 'POST',
    path: `${SYSTEM}/health-check`,
    permission: 'system:config',
    summary: 'Check every provider now.',
    output: Done,
    reads: true,
  }),
  'system.registryMonitoring': operation({
    id: 'system.registryMonitoring',
    face: FACE,
    method: 'GET',
    path: `${SYSTEM}/monitoring`,
    permission: 'system:view',
    summary: 'How the registry watches.',
    output: enveloped(z.object({ config: RegistryMonitoring, lastRefresh: z.string() })),
  }),
  'system.updateRegistryMonitoring': operation({
    id: 'system.updateRegistryMonitoring',
    face: FACE,
    method: 'PUT',
    path: `${SYSTEM}/monitoring/config`,
    permission: 'system:config',
    summary: 'Change how the registry watches.',
    body: UpdateRegistryMonitoring,
    output: enveloped(RegistryMonitoring),
    failures: ['VALIDATION_ERROR'],
  }),
} as const;
