import type { UsageSums } from '@patchbay/contract/resources/usage';

import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { findProvider, providerNotFound } from './find-provider.ts';

const DAY_MS = 86_400_000;

/** What a provider, or one of its models, has done in the last 24 hours. */
export const usageOfDay = (
  { usage, clock }: Pick<ManagementParts, 'usage' | 'clock'>,
  of: { readonly provider: string; readonly model?: string },
): Promise<UsageSums> => usage.sums({ ...of, fromMs: clock.nowMs() - DAY_MS, toMs: clock.nowMs() });

/** What a provider has done. */
export const providerStats =
  (parts: ManagementParts): Handler<'providers.stats'> =>
  async ({ params: { id } }) => {
    const row = await findProvider(parts.rows, id);
    if (row === undefined) return refused(providerNotFound(id));
    return done({ ...(await usageOfDay(parts, { provider: row.identifier })), providerId: row.id });
  };

/** How a provider is. */
export const providerHealth =
  ({ rows, health }: ManagementParts): Handler<'providers.health'> =>
  async ({ params: { id } }) => {
    const row = await findProvider(rows, id);
    const [known] = row === undefined ? [] : await health.of([row]);
    return known === undefined ? refused(providerNotFound(id)) : done(known);
  };

/** How all providers are. */
export const healthOfProviders =
  ({ rows, health }: ManagementParts): Handler<'providers.healthOfAll'> =>
  async () =>
    done({ providers: [...(await health.of(await rows.providers.all()))] });
