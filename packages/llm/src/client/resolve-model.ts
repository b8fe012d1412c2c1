import { failed, ok, type Result } from '../model/failure.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import type { Target } from '../routing/target.ts';

/**
 * Reads a model address. `provider/model` goes to that provider with the rest unchanged, slashes included; a bare name
 * goes to the provider with the longest fitting prefix. Fails with `not-found`.
 */
export function resolveModel(address: string, providers: ReadonlyMap<string, ProviderRecord>): Result<Target> {
  const slash = address.indexOf('/');
  const named = address.slice(0, Math.max(slash, 0));
  if (providers.has(named)) return ok({ providerId: named, model: address.slice(slash + 1) });
  const owner = ownerOf(address.toLowerCase(), providers);
  if (owner) return ok({ providerId: owner.id, model: address });
  const known = [...providers.keys()].join(', ');
  const message = `No provider serves "${address}". Write provider/model with one of: ${known}.`;
  return failed({ kind: 'not-found', message, code: 'model_not_found', path: 'model' });
}

function ownerOf(name: string, providers: ReadonlyMap<string, ProviderRecord>): ProviderRecord | undefined {
  let owner: ProviderRecord | undefined;
  let lengthMax = 0;
  for (const provider of providers.values()) {
    for (const prefix of provider.modelPrefixes ?? []) {
      if (prefix.length <= lengthMax || !name.startsWith(prefix)) continue;
      owner = provider;
      lengthMax = prefix.length;
    }
  }
  return owner;
}
