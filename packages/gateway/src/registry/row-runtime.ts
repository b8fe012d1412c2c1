import { CredentialPool, type PoolObserver } from '@patchbay/llm/credentials/pool';
import type { BuyTokens } from '@patchbay/llm/credentials/signers/credential-of-fields';
import { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import { failed, invalidRequest, ok, type Result } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import type { ProviderRuntime } from '../pipeline/ports.ts';
import type { Upstream } from '../relay/upstream.ts';
import type { RowSecrets } from '../storage/ports.ts';
import type { JsonWithSecrets, ProviderRecord as ProviderRow } from '../storage/records.ts';
import type { PresentKey } from './account-seats.ts';
import { describeRow } from './describe-row.ts';

/** What rows of providers are made callable with. */
export interface RowRuntimeParts {
  readonly records: readonly ProviderRecord[];
  readonly secrets: Pick<RowSecrets, 'openSecrets'>;
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** Is told how the row's own key is used. */
  readonly quotas?: PoolObserver;
  /** Gets the tokens of rows that sign in as clients. */
  readonly buyTokens?: BuyTokens;
  /** Where the operator says that providers are, by their names; a row's own address does not take its place. */
  readonly addresses?: ReadonlyMap<string, string>;
}

/** A row as it is called. Its pool is empty while nobody has filled the row in. */
export interface RowRuntime {
  readonly runtime: ProviderRuntime;
  readonly present: PresentKey;
}

/**
 * True for a row of a built-in provider that says nothing of its own: at the record's own address, without a key and
 * without headers. Its accounts are served as if it were not there; it is there to be found and to be switched off.
 */
export function isOnlySwitch(
  { identifier, apiEndpoint, authConfig, isSystem }: ProviderRow,
  { runtime }: RowRuntime,
  records: readonly ProviderRecord[],
): boolean {
  const record = records.find(({ id }) => id === identifier);
  const says = runtime.pool.size > 0 || apiEndpoint !== record?.baseUrl || 'headers' in membersOf(authConfig);
  return isSystem && !says;
}

/** Makes a row callable, and says how it presents keys that are not its own. */
export async function runtimeOfRow(row: ProviderRow, parts: RowRuntimeParts): Promise<Result<RowRuntime>> {
  const { records, secrets, clock, upstream, quotas, buyTokens } = parts;
  const opened = await secrets.openSecrets(row.id, row.authConfig);
  if (!opened.ok) return opened;
  const address = parts.addresses?.get(row.identifier);
  const settled = { ...row, ...(address !== undefined && { address }) };
  const described = describeRow({ ...settled, authConfig: opened.value }, records, buyTokens);
  if (!described.ok) return described;
  const { record, credential } = described.value;
  const credentials = credential === undefined ? [] : [credential];
  const pool = new CredentialPool({ credentials, clock, ...(quotas && { observer: quotas }) });
  const present: PresentKey = (id, key) => {
    const other = describeRow({ ...settled, authConfig: withKey(opened.value, key) }, records);
    if (!other.ok) return other;
    const { credential: made } = other.value;
    return made === undefined
      ? failed(invalidRequest('auth_data', 'The provider asks for more than a key.'))
      : ok({ ...made, id });
  };
  return ok({ runtime: { record, baseUrl: record.baseUrl, pool, upstream }, present });
}

function withKey(config: JsonWithSecrets, apiKey: Secret): JsonWithSecrets {
  const members = membersOf(config);
  return { ...members, fields: { ...membersOf(members['fields']), apiKey } };
}

function membersOf(value: JsonWithSecrets | undefined): Readonly<Record<string, JsonWithSecrets | undefined>> {
  if (typeof value !== 'object' || value === null || value instanceof Secret || Array.isArray(value)) return {};
  return value as Readonly<Record<string, JsonWithSecrets | undefined>>;
}
