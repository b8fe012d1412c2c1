import type { Credential } from '@patchbay/llm/credentials/credential';
import { CredentialPool, type PoolObserver } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { deployedRecord } from '@patchbay/llm/providers/deployed-record';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

import type { ProviderSetting } from '../config/settings.ts';
import type { ProviderRuntime } from '../pipeline/ports.ts';
import type { Upstream } from '../relay/upstream.ts';

/** What the settings say of providers, and the ways to them. */
export interface SettledParts {
  readonly settings: readonly ProviderSetting[];
  /** Providers that settings may name. */
  readonly records: readonly ProviderRecord[];
  readonly network: Upstream;
  /** The way to the built-in simulator. */
  readonly simulated: Upstream;
  /** Is told how accounts of the settings are used. */
  readonly observer: PoolObserver;
  readonly clock: Clock;
}

/** The built-in simulator and every provider that the settings name. Throws what to do about a setting that is wrong. */
export function settledProviders(parts: SettledParts): Map<string, ProviderRuntime> {
  const { settings, records, network, simulated } = parts;
  const { simulator } = PROVIDERS;
  const runtimes = new Map([
    ['simulator', runtimeOf(simulator, { providerId: 'simulator', accounts: [] }, simulated, parts)],
  ]);
  for (const setting of settings) {
    const record = records.find(({ id }) => id === setting.providerId);
    if (record === undefined || record.id === 'simulator') continue;
    runtimes.set(record.id, runtimeOf(record, setting, network, parts));
  }
  return runtimes;
}

function runtimeOf(
  record: ProviderRecord,
  setting: ProviderSetting,
  upstream: Upstream,
  { clock, observer }: Pick<SettledParts, 'clock' | 'observer'>,
): ProviderRuntime {
  const credentials: readonly Credential[] =
    setting.accounts.length > 0 ? setting.accounts : [{ kind: 'anonymous', id: `${record.id}-anonymous` }];
  const pool = new CredentialPool({ credentials, clock, observer });
  const deployed = deployedRecord(record, (env) => setting.variables?.[env], setting.baseUrl);
  if (!deployed.ok) throw new Error(deployed.failure.message);
  return { record: deployed.value, baseUrl: deployed.value.baseUrl, pool, upstream };
}
