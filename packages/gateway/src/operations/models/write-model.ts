import type { OperationFailure, ValidationError } from '@patchbay/contract';
import type { ModelCapabilities } from '@patchbay/contract/resources/capabilities';
import type { CreateModel, UpdateModel } from '@patchbay/contract/resources/model';

import type { Repositories } from '../../storage/ports.ts';
import type { ModelRecord, ProviderRecord } from '../../storage/records.ts';
import type { NewRow } from '../../storage/repository.ts';
import { changeRow, type ChangedRow, type Decision } from '../change-row.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';
import { capabilitiesOf, capabilityProblems, usualCapabilities } from './capability-problems.ts';
import { findModelOfProvider, modelNotFound } from './find-model.ts';

type Written<Value> = ({ readonly ok: true } & Value) | { readonly ok: false; readonly failure: OperationFailure };

/** A model as a new row of its provider, with what its provider can do where nothing is said. */
export function newModel(
  { clock, newId }: Pick<ManagementParts, 'clock' | 'newId'>,
  provider: ProviderRecord,
  asked: CreateModel,
): NewRow<ModelRecord> {
  const nowMs = clock.nowMs();
  const capabilities = asked.capabilities ?? usualCapabilities(capabilitiesOf(provider), asked.contextLength);
  return {
    id: newId(),
    providerId: provider.id,
    identifier: asked.identifier,
    name: asked.name,
    ...(asked.description !== undefined && { description: asked.description }),
    contextLength: asked.contextLength,
    capabilities: jsonOf(capabilities),
    ...(asked.pricingInfo && { pricingInfo: jsonOf(asked.pricingInfo) }),
    status: asked.status,
    isDefault: asked.isDefault,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** Why a model may not be as it is. */
export function modelProblem(row: Pick<ModelRecord, 'contextLength' | 'capabilities'>, provider: ProviderRecord) {
  const claims = {
    contextLength: row.contextLength,
    capabilities: row.capabilities as unknown as ModelCapabilities,
  };
  const errors = capabilityProblems(claims, capabilitiesOf(provider));
  return errors.length === 0 ? undefined : tooMuch(errors);
}

const tooMuch = (validationErrors: readonly ValidationError[]): OperationFailure => ({
  code: 'INVALID_MODEL_CONFIG',
  message: `The model claims what its provider cannot do: ${validationErrors.map(({ field, message }) => `${field}: ${message}`).join(' ')}`,
  ...(validationErrors[0] && { field: validationErrors[0].field }),
  validationErrors,
});

/** Adds a model, within a transaction. */
export async function addModel(
  rows: Repositories,
  provider: ProviderRecord,
  model: NewRow<ModelRecord>,
): Promise<Written<{ readonly row: ModelRecord }>> {
  const problem = modelProblem(model, provider);
  if (problem !== undefined) return { ok: false, failure: problem };
  const inserted = await rows.models.insert(model);
  if (inserted.kind === 'duplicate') return { ok: false, failure: modelExists(provider, model.identifier) };
  if (inserted.row.isDefault) await endOtherDefaults(rows, inserted.row);
  return { ok: true, row: inserted.row };
}

const modelExists = (provider: ProviderRecord, identifier: string): OperationFailure => ({
  code: 'MODEL_ALREADY_EXISTS',
  message: `Provider \`${provider.identifier}\` has a model \`${identifier}\` already. Update that one.`,
  field: 'identifier',
});

/** Changes a model, within a transaction. */
export async function changeModel(
  rows: Repositories,
  id: string,
  { version, ...sent }: UpdateModel,
): Promise<ChangedRow<ModelRecord>> {
  const found = await findModelOfProvider(rows, id);
  if (found === undefined) return { ok: false, failure: modelNotFound(id) };
  const changed = await changeRow(rows.models, {
    row: found.model,
    expected: version,
    decide: (current) => decide(found.provider, current, sent),
    missing: modelNotFound(id),
  });
  if (changed.ok && changed.after.isDefault && !changed.before.isDefault) await endOtherDefaults(rows, changed.after);
  return changed;
}

function decide(
  provider: ProviderRecord,
  row: ModelRecord,
  { capabilities, pricingInfo, ...plain }: Omit<UpdateModel, 'version'>,
): Decision<ModelRecord> {
  const changes = {
    ...plain,
    ...(capabilities && { capabilities: jsonOf(capabilities) }),
    ...(pricingInfo && { pricingInfo: jsonOf(pricingInfo) }),
  };
  const concernsClaims = capabilities !== undefined || plain.contextLength !== undefined;
  const claims = {
    contextLength: plain.contextLength ?? row.contextLength,
    capabilities: changes.capabilities ?? row.capabilities,
  };
  const problem = concernsClaims ? modelProblem(claims, provider) : undefined;
  return problem === undefined ? { ok: true, changes } : { ok: false, failure: problem };
}

/** Of a provider's models one at most is its default. */
export async function endOtherDefaults(
  rows: Repositories,
  { id, providerId }: Pick<ModelRecord, 'id' | 'providerId'>,
): Promise<void> {
  const provider = await rows.providers.get(providerId);
  // Whoever else makes a default there at the same time waits here, and then finds this one.
  if (provider !== undefined) await rows.providers.update(providerId, { status: provider.status });
  for (const other of await rows.models.all({ providerId, isDefault: true })) {
    if (other.id !== id) await rows.models.update(other.id, { isDefault: false });
  }
}
