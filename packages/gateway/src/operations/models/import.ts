import { readInput } from '@patchbay/contract';
import { CreateModel } from '@patchbay/contract/resources/model';
import type { OfferedModel } from '@patchbay/llm/providers/read-model-list';

import type { Repositories } from '../../storage/ports.ts';
import type { ModelRecord, ProviderRecord } from '../../storage/records.ts';
import { done, refused, type Handler } from '../handler.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';
import { findProvider, providerNotFound } from '../providers/find-provider.ts';
import { serveNow } from '../serve-now.ts';
import { capabilitiesOf } from './capability-problems.ts';
import { describedModel, pricingOf } from './catalog-facts.ts';
import { newModel } from './write-model.ts';

type Imported = Extract<Awaited<ReturnType<Handler<'models.import'>>>, { ok: true }>['value'];
type Fate = { readonly kind: 'add' | 'replace' | 'skip' | 'error'; readonly model: CreateModel; readonly why?: string };

/** Adds the models that the provider itself lists, described by the catalogue; all of them in one transaction. */
export const importModels =
  (parts: ManagementParts): Handler<'models.import'> =>
  async ({ params: { providerId }, body: { overwrite, dryRun } }, { signal }) => {
    const provider = await findProvider(parts.rows, providerId);
    if (provider === undefined) return refused(providerNotFound(providerId));
    const listed = await parts.prober.listModels(provider, signal);
    if (!listed.ok) return refused({ code: 'PROVIDER_TEST_FAILED', message: listed.failure.message });
    const existing = await parts.rows.models.all({ providerId: provider.id });
    const fates = await decideAll(parts, provider, listed.value, { overwrite, existing });
    if (!dryRun) {
      await parts.rows.transaction((rows) => write(parts, rows, provider, fates));
      await serveNow(parts);
    }
    const value = report(fates, dryRun);
    return dryRun ? done(value) : done(value, { resource: 'models', resourceId: provider.id, after: value.summary });
  };

async function decideAll(
  { catalog, clock }: ManagementParts,
  provider: ProviderRecord,
  listed: readonly OfferedModel[],
  { overwrite, existing }: { readonly overwrite: boolean; readonly existing: readonly ModelRecord[] },
): Promise<readonly Fate[]> {
  const known = await catalog();
  const capabilities = capabilitiesOf(provider);
  const names = new Set(existing.map(({ identifier }) => identifier));
  const seen = new Set<string>();
  return listed.flatMap((each): readonly Fate[] => {
    if (seen.has(each.id)) return [];
    seen.add(each.id);
    const model = {
      ...describedModel(known, provider, capabilities, each),
      ...pricingOf(known, provider, each.id, clock.nowMs()),
    };
    const read = readInput(CreateModel, model);
    if (!read.ok) return [{ kind: 'error', model, why: read.errors.map(({ message }) => message).join(' ') }];
    if (!names.has(each.id)) return [{ kind: 'add', model }];
    return [overwrite ? { kind: 'replace', model } : { kind: 'skip', model, why: 'It is there already.' }];
  });
}

async function write(
  parts: ManagementParts,
  rows: Repositories,
  provider: ProviderRecord,
  fates: readonly Fate[],
): Promise<void> {
  await rows.models.insertMany(
    fates.flatMap(({ kind, model }) => (kind === 'add' ? [newModel(parts, provider, model)] : [])),
  );
  const present = new Map((await rows.models.all({ providerId: provider.id })).map((row) => [row.identifier, row.id]));
  for (const { kind, model } of fates) {
    const id = present.get(model.identifier);
    if (kind !== 'replace' || id === undefined) continue;
    const { name, contextLength, capabilities, pricingInfo } = model;
    await rows.models.update(id, {
      name,
      contextLength,
      ...(capabilities && { capabilities: jsonOf(capabilities) }),
      ...(pricingInfo && { pricingInfo: jsonOf(pricingInfo) }),
    });
  }
}

function report(fates: readonly Fate[], dryRun: boolean): Imported {
  const imported = fates.flatMap(({ kind, model }) => (kind === 'add' || kind === 'replace' ? [model.identifier] : []));
  const others = (wanted: Fate['kind']) =>
    fates.flatMap(({ kind, model: { identifier }, why = '' }) => (kind === wanted ? [{ identifier, why }] : []));
  const skipped = others('skip').map(({ identifier, why }) => ({ identifier, reason: why }));
  const errors = others('error').map(({ identifier, why }) => ({ identifier, error: why }));
  return {
    import: { imported, skipped, errors },
    summary: {
      total: fates.length,
      imported: imported.length,
      skipped: skipped.length,
      errors: errors.length,
      dryRun,
    },
  };
}
