import { AUTH_METHODS } from '@patchbay/contract/resources/provider';

import type { PageRequest, Journal } from '../../storage/repository.ts';
import { done, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';

/** Counts of providers and models. */
export const systemStats =
  ({ rows: { providers, models } }: ManagementParts): Handler<'providers.systemStats'> =>
  async () => {
    const byMethod = AUTH_METHODS.map(
      async (authMethod) => [authMethod, await count(providers, { authMethod })] as const,
    );
    const [totalProviders, activeProviders, systemProviders, totalModels, activeModels] = await Promise.all([
      count(providers),
      count(providers, { status: 'active' }),
      count(providers, { isSystem: true }),
      count(models),
      count(models, { status: 'active' }),
    ]);
    return done({
      totalProviders,
      activeProviders,
      systemProviders,
      totalModels,
      activeModels,
      byAuthMethod: Object.fromEntries(await Promise.all(byMethod)),
    });
  };

/** How many rows match; the least page tells it. */
const count = async <R extends { readonly id: string }>(
  rows: Journal<R>,
  where: PageRequest<R>['where'] = {},
): Promise<number> => (await rows.page({ where, limit: 1 })).total;
