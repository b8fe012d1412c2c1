import type { Failure } from '@patchbay/llm/model/failure';
import type { EndpointId, ProviderRecord } from '@patchbay/llm/providers/define-provider';
import type { Target } from '@patchbay/llm/routing/target';

import type { ModelDirectory } from '../ports.ts';

/** The targets whose provider serves an endpoint, in their order. */
export const servingTargets = (
  directory: ModelDirectory,
  endpoint: EndpointId,
  targets: readonly Target[],
): readonly Target[] =>
  targets.filter(({ providerId }) => directory.provider(providerId)?.record.serves?.[endpoint] !== undefined);

/** What to say where no provider of a model serves an endpoint: who does, of those that have an account here, or at all. */
export function notServed(
  directory: ModelDirectory,
  records: readonly ProviderRecord[],
  endpoint: EndpointId,
  targets: readonly Target[],
): Failure {
  const asked = new Set(targets.map(({ providerId }) => directory.provider(providerId)?.record.name ?? providerId));
  const able = records.filter(({ serves }) => serves?.[endpoint] !== undefined);
  const here = able.filter(({ id }) => directory.provider(id) !== undefined);
  const hint =
    here.length > 0
      ? `Providers here that do: ${here.map(({ id }) => id).join(', ')}.`
      : `Providers that do, none of which has an account here: ${able.map(({ id }) => id).join(', ')}.`;
  const names = [...asked].join(' and ');
  const verb = asked.size > 1 ? 'do' : 'does';
  return { kind: 'not-found', path: 'model', message: `${names} ${verb} not serve /v1/${endpoint}. ${hint}` };
}
