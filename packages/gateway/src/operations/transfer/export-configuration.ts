import type { OperationFailure } from '@patchbay/contract';
import type { AuthConfig, FieldDescriptor } from '@patchbay/contract/resources/provider';
import { EXPORT_VERSION, type Export } from '@patchbay/contract/resources/transfer';
import type { Sealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';

import type { ModelRecord, ProviderRecord } from '../../storage/records.ts';
import type { ManagementParts } from '../ports.ts';
import { readHeldAuth, REQUIRED_FIELDS, writeHeldAuth, type HeldAuth } from '../providers/auth-config.ts';
import { findProvider, providerNotFound } from '../providers/find-provider.ts';
import { exportedTemplate } from '../templates/show-template.ts';
import { inTurns } from './in-turns.ts';
import { newRecipe, passphraseSealer } from './passphrase.ts';

/** What to export. */
export interface ExportScope {
  /** Ids or identifiers. Default: all providers. */
  readonly providerIds?: readonly string[] | undefined;
  readonly includeModels: boolean;
  readonly includeTemplates: boolean;
  readonly includeSystemProviders: boolean;
  /** With one, secrets are exported, sealed under it; without, they are not. */
  readonly passphrase?: string | undefined;
}

/** The document, or why there is none. */
export type Exported =
  | { readonly ok: true; readonly document: Export }
  | { readonly ok: false; readonly failure: OperationFailure };

/** The place of a secret in an export: moved elsewhere within it, it does not open. */
export const exportPlace = (identifier: string, field: string) => ({
  table: 'export',
  row: identifier,
  field: `authConfig.fields.${field}`,
});

/** Configuration as one document that import takes unchanged. Things are named by identifiers, not by ids. */
export async function exportConfiguration(
  parts: ManagementParts,
  scope: ExportScope,
  exportedBy: string,
): Promise<Exported> {
  const chosen = await chooseProviders(parts, scope);
  if (!chosen.ok) return chosen;
  const rows = chosen.rows.toSorted(byIdentifier);
  const recipe = scope.passphrase === undefined ? undefined : newRecipe();
  const sealer = recipe && (await passphraseSealer(scope.passphrase ?? '', recipe));
  const opened = await inTurns(
    rows,
    async (row) => [row, await parts.secrets.openSecrets(row.id, row.authConfig)] as const,
  );
  for (const [, each] of opened) {
    // Half the secrets would look like all of them.
    if (!each.ok && sealer !== undefined) return { ok: false, failure: cannotOpen(each.failure.message) };
  }
  const providers = await inTurns(opened, async ([row, each]) => {
    const auth = readHeldAuth(each.ok ? each.value : row.authConfig, row.authMethod);
    return exportedProvider(row, await exportedAuth(row.identifier, auth, sealer));
  });
  const models = scope.includeModels ? await exportedModels(parts, rows) : [];
  const templates = scope.includeTemplates
    ? (await parts.rows.templates.all({ isSystem: false })).map(exportedTemplate)
    : [];
  const metadata = {
    exportedAt: new Date(parts.clock.nowMs()).toISOString(),
    exportedBy,
    version: EXPORT_VERSION,
    ...(recipe && { sealing: recipe }),
  };
  // What is written as JSON has no members without a value; neither has this.
  return {
    ok: true,
    document: JSON.parse(JSON.stringify({ data: { providers, models, templates }, metadata })) as Export,
  };
}

const byIdentifier = (one: { identifier: string }, other: { identifier: string }): number =>
  one.identifier < other.identifier ? -1 : 1;

const cannotOpen = (message: string): OperationFailure => ({
  code: 'VALIDATION_ERROR',
  message: `The secrets cannot be exported: ${message} Set that secret anew, or export without secrets.`,
});

type Chosen =
  | { readonly ok: true; readonly rows: readonly ProviderRecord[] }
  | { readonly ok: false; readonly failure: OperationFailure };

async function chooseProviders(
  { rows }: ManagementParts,
  { providerIds, includeSystemProviders }: ExportScope,
): Promise<Chosen> {
  if (providerIds === undefined)
    return { ok: true, rows: await rows.providers.all(includeSystemProviders ? {} : { isSystem: false }) };
  const chosen = new Map<string, ProviderRecord>();
  for (const id of new Set(providerIds)) {
    const row = await findProvider(rows, id);
    if (row === undefined) return { ok: false, failure: providerNotFound(id) };
    chosen.set(row.id, row);
  }
  return { ok: true, rows: [...chosen.values()] };
}

const exportedProvider = (row: ProviderRecord, authConfig: object): object => ({
  identifier: row.identifier,
  name: row.name,
  description: row.description,
  apiEndpoint: row.apiEndpoint,
  authMethod: row.authMethod,
  authConfig,
  capabilities: row.capabilities,
  status: row.status,
  isSystem: row.isSystem,
});

/** Secrets sealed under the passphrase, or only described, which import takes for "keep what is there". */
async function exportedAuth(identifier: string, auth: HeldAuth, sealer: Sealer | undefined): Promise<object> {
  const required = new Set(REQUIRED_FIELDS[auth.type].map(([name]) => name));
  const fields: Record<string, string | FieldDescriptor> = {};
  for (const [name, field] of Object.entries(auth.fields)) {
    if (field instanceof Secret && sealer !== undefined)
      fields[name] = await sealer.seal(field, exportPlace(identifier, name));
    else if (field instanceof Secret || (typeof field === 'string' && field.startsWith('enc:')))
      fields[name] = { required: required.has(name), sensitive: true };
    else fields[name] = field;
  }
  return writeHeldAuth({ ...auth, fields }) as AuthConfig;
}

async function exportedModels({ rows }: ManagementParts, providers: readonly ProviderRecord[]): Promise<object[]> {
  const identifiers = new Map(providers.map(({ id, identifier }) => [id, identifier]));
  const models = (await rows.models.all()).filter(({ providerId }) => identifiers.has(providerId));
  return models
    .map((row) => exportedModel(identifiers.get(row.providerId) ?? '', row))
    .toSorted((one, other) => (keyOfModel(one) < keyOfModel(other) ? -1 : 1));
}

const keyOfModel = ({ providerIdentifier, identifier }: { providerIdentifier: string; identifier: string }): string =>
  `${providerIdentifier}\0${identifier}`;

const exportedModel = (providerIdentifier: string, row: ModelRecord) => ({
  providerIdentifier,
  identifier: row.identifier,
  name: row.name,
  description: row.description,
  contextLength: row.contextLength,
  capabilities: row.capabilities,
  pricingInfo: row.pricingInfo,
  status: row.status,
  isDefault: row.isDefault,
});
