import type { Handlers } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { createProvider } from './create.ts';
import { deleteProvider } from './delete.ts';
import { getProvider } from './get.ts';
import { listProviders } from './list.ts';
import { healthOfProviders, providerHealth, providerStats } from './report.ts';
import { setProviderStatus } from './set-status.ts';
import { systemStats } from './system-stats.ts';
import { tryProvider } from './test.ts';
import { updateProvider } from './update.ts';
import { checkIdentifier, validateProvider } from './validate.ts';

/** What can be done with providers. */
export const providerHandlers = (parts: ManagementParts) =>
  ({
    'providers.list': listProviders(parts),
    'providers.create': createProvider(parts),
    'providers.validate': validateProvider(parts),
    'providers.checkIdentifier': checkIdentifier(parts),
    'providers.systemStats': systemStats(parts),
    'providers.healthOfAll': healthOfProviders(parts),
    'providers.get': getProvider(parts),
    'providers.update': updateProvider(parts),
    'providers.delete': deleteProvider(parts),
    'providers.test': tryProvider(parts),
    'providers.setStatus': setProviderStatus(parts),
    'providers.health': providerHealth(parts),
    'providers.stats': providerStats(parts),
  }) satisfies Partial<Handlers>;
