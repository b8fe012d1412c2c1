import { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';
import { ok, type Result } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { deployedRecord } from '@patchbay/llm/providers/deployed-record';

import type { ProviderRuntime } from '../pipeline/ports.ts';
import type { Upstream } from '../relay/upstream.ts';

/** How such a provider is reached. */
export interface RecordMeans {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly addresses?: ReadonlyMap<string, string>;
}

/**
 * A built-in provider that nobody but accounts makes callable: where the operator says that it is, or at its own address,
 * whose variables the accounts' members fill in. Its pool is empty.
 */
export function runtimeOfRecord(
  record: ProviderRecord,
  values: ReadonlyMap<string, string>,
  { upstream, clock, addresses }: RecordMeans,
): Result<ProviderRuntime> {
  const names = new Map(Object.entries(record.variables ?? {}).map(([name, { env }]) => [env, name]));
  const deployed = deployedRecord(
    record,
    (env) => {
      const name = names.get(env);
      return name === undefined ? undefined : (values.get(name) ?? values.get(`${name}_id`));
    },
    addresses?.get(record.id),
  );
  if (!deployed.ok) return deployed;
  const pool = new CredentialPool({ credentials: [], clock });
  return ok({ record: deployed.value, baseUrl: deployed.value.baseUrl, pool, upstream });
}
