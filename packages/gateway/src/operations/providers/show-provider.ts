import { type AuthConfig, type Provider, type ProviderTest } from '@patchbay/contract/resources/provider';
import type { ProviderCapabilities } from '@patchbay/contract/resources/capabilities';
import type { Model } from '@patchbay/contract/resources/model';
import { isSealed } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';

import type { RowSecrets } from '../../storage/ports.ts';
import type { ProviderRecord } from '../../storage/records.ts';
import { readHeldAuth, writeHeldAuth, type HeldAuth, type HeldField } from './auth-config.ts';
import { timestamp } from '../timestamp.ts';

const MASK = '********';

/** A row's sign-in with its secrets opened; where they cannot be opened, as it is stored. */
export async function openAuth(secrets: RowSecrets, row: ProviderRecord): Promise<HeldAuth> {
  const opened = await secrets.openSecrets(row.id, row.authConfig);
  return readHeldAuth(opened.ok ? opened.value : row.authConfig, row.authMethod);
}

/** A sign-in as people may see it: of long secrets the last four characters, of others none. */
export function showAuth(auth: HeldAuth): AuthConfig {
  const shown = (field: HeldField): string | Exclude<HeldField, Secret> => {
    if (field instanceof Secret) return field.masked();
    return typeof field === 'string' && isSealed(field) ? MASK : field;
  };
  const fields = Object.fromEntries(Object.entries(auth.fields).map(([name, field]) => [name, shown(field)]));
  return writeHeldAuth({ ...auth, fields }) as AuthConfig;
}

/** What else is shown with a row. */
export interface ShownWith {
  readonly modelCount: number;
  readonly models?: readonly Model[];
}

/** A row as the management interfaces show it, with secrets masked. */
export async function showProvider(secrets: RowSecrets, row: ProviderRecord, more: ShownWith): Promise<Provider> {
  return shownRow(row, showAuth(await openAuth(secrets, row)), more);
}

/** A row for the audit log. It is read as it is stored, sealed, so that nothing of its secrets can be shown. */
export const auditedProvider = (row: ProviderRecord): object => {
  const authConfig = showAuth(readHeldAuth(row.authConfig, row.authMethod));
  const { modelCount: _, testResult: __, ...rest } = shownRow(row, authConfig, { modelCount: 0 });
  return rest;
};

function shownRow(row: ProviderRecord, authConfig: AuthConfig, { modelCount, models }: ShownWith): Provider {
  return {
    id: row.id,
    identifier: row.identifier,
    name: row.name,
    ...(row.description !== undefined && { description: row.description }),
    apiEndpoint: row.apiEndpoint,
    // What the database allows in these columns is what the contract names.
    authMethod: row.authMethod as Provider['authMethod'],
    authConfig,
    capabilities: row.capabilities as unknown as ProviderCapabilities,
    status: row.status as Provider['status'],
    isSystem: row.isSystem,
    modelCount,
    ...(models && { models: [...models] }),
    ...(row.createdBy !== undefined && { createdBy: row.createdBy }),
    createdAt: timestamp(row.createdAtMs),
    updatedAt: timestamp(row.updatedAtMs),
    ...(row.lastTestedMs !== undefined && { lastTested: timestamp(row.lastTestedMs) }),
    ...(row.testResult && { testResult: row.testResult as unknown as ProviderTest }),
    version: row.version,
  };
}
