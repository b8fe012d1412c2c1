import type { ProviderTest } from '@patchbay/contract/resources/provider';
import type { ModelTest } from '@patchbay/contract/resources/model';
import type { Lease } from '@patchbay/llm/credentials/pool';
import type { BuyTokens } from '@patchbay/llm/credentials/signers/credential-of-fields';
import type { Clock } from '@patchbay/llm/model/clock';
import { failed, ok, type Result } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import type { OfferedModel } from '@patchbay/llm/providers/read-model-list';

import { describeRow } from '../../registry/describe-row.ts';
import type { ProviderRuntime } from '../../pipeline/ports.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { Upstream } from '../../relay/upstream.ts';
import type { Repositories, RowSecrets } from '../../storage/ports.ts';
import type { ModelRecord, ProviderRecord as ProviderRow } from '../../storage/records.ts';
import type { Prober } from './prober.ts';
import type { Subject } from './questions.ts';

/** What is needed to try a provider that a row describes. */
export interface RowProberParts {
  readonly prober: Prober;
  readonly secrets: RowSecrets;
  readonly models: Pick<Repositories['models'], 'all'>;
  /** Every provider the product knows. */
  readonly records: readonly ProviderRecord[];
  /** What is in force: a row without a key of its own is tried with that of the settings. */
  readonly inForce: () => Snapshot;
  readonly clock: Clock;
  /** Gets the tokens of rows that sign in as clients. */
  readonly buyTokens?: BuyTokens;
}

/** Tries providers as their rows describe them. A row that cannot be called is a finding, not an error. */
export interface RowProber {
  testProvider(row: ProviderRow): Promise<ProviderTest>;
  testModel(row: ProviderRow, model: ModelRecord): Promise<ModelTest>;
  listModels(row: ProviderRow): Promise<Result<readonly OfferedModel[]>>;
}

/** Makes a prober that reads rows for what to try. */
export function createRowProber(parts: RowProberParts): RowProber {
  const testedAt = (): string => new Date(parts.clock.nowMs()).toISOString();
  return {
    async testProvider(row) {
      const subject = await subjectOf(parts, row);
      if (subject.ok) return parts.prober.testProvider(subject.value);
      const nothing = { availableModels: [], capabilities: {}, phases: [], responseTime: 0 };
      return { ...nothing, success: false, errors: [subject.failure.message], testedAt: testedAt() };
    },
    async testModel(row, model) {
      const subject = await subjectOf(parts, row);
      if (subject.ok) return parts.prober.testModel(subject.value, model.identifier);
      const errors = [subject.failure.message];
      return { success: false, responseTime: 0, actualCapabilities: {}, errors, testedAt: testedAt() };
    },
    async listModels(row) {
      const subject = await subjectOf(parts, row);
      return subject.ok ? parts.prober.listModels(subject.value) : subject;
    },
  };
}

async function subjectOf(parts: RowProberParts, row: ProviderRow): Promise<Result<Subject>> {
  const opened = await parts.secrets.openSecrets(row.id, row.authConfig);
  if (!opened.ok) return opened;
  const described = describeRow({ ...row, authConfig: opened.value }, parts.records, parts.buyTokens);
  if (!described.ok) return described;
  const named = (await parts.models.all({ providerId: row.id, status: 'active' })).map(({ identifier }) => identifier);
  const { record, credential } = described.value;
  const testPath = testPathOf(row);
  const claims = { claimed: row.capabilities, named, ...(testPath === undefined ? {} : { testPath }) };
  if (credential !== undefined) return ok({ record, credential, ...claims });
  const settled = parts.inForce().runtimes.get(row.identifier);
  const lease = settled?.pool.lease();
  // A test says nothing about how calls fare with the account.
  lease?.abandon();
  if (settled === undefined || lease === undefined) return failed(unfilled(row));
  return ok({ record: settled.record, credential: lease.credential, ...wayOf(settled, lease), ...claims });
}

/** The way out of an account with a proxy; others go out as every test does. */
export function wayOf({ ways, record }: ProviderRuntime, { facts }: Pick<Lease, 'facts'>): { readonly way?: Upstream } {
  const { proxyId } = facts;
  return ways === undefined || proxyId === undefined ? {} : { way: ways.upstreamOf(proxyId, record.id) };
}

/** Where the row itself wants to be tried: a path below its address. */
function testPathOf({ authConfig }: ProviderRow): string | undefined {
  const path =
    typeof authConfig === 'object' && authConfig !== null && 'testEndpoint' in authConfig
      ? authConfig.testEndpoint
      : undefined;
  return typeof path === 'string' && path.startsWith('/') && !path.startsWith('//') ? path : undefined;
}

const unfilled = ({ name }: ProviderRow) =>
  ({
    kind: 'authentication',
    message: `${name} has no key yet. Fill in authConfig.fields, then test it again.`,
  }) as const;
