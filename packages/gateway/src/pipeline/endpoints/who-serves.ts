import type { Failure } from '@patchbay/llm/model/failure';
import type { EndpointId, ProviderRecord } from '@patchbay/llm/providers/define-provider';
import type { Target } from '@patchbay/llm/routing/target';

import type { Found } from '../ports.ts';

/** The targets whose provider serves an endpoint, in their order. */
export const servingTargets = ({ targets, provider }: Found, endpoint: EndpointId): readonly Target[] =>
  targets.filter(({ providerId }) => provider(providerId)?.record.serves?.[endpoint] !== undefined);

/** What to say where no provider of a model serves an endpoint: who does, of those that have an account here, or at all. */
export function notServed(
  { targets, provider }: Found,
  records: readonly ProviderRecord[],
  endpoint: EndpointId,
): Failure {
  const asked = new Set(targets.map(({ providerId }) => provider(providerId)?.record.name ?? providerId));
  const able = records.filter(({ serves }) => serves?.[endpoint] !== undefined);
  const here = able.filter(({ id }) => provider(id) !== undefined);
  const hint =
    here.length > 0
      ? `Providers here that do: ${here.map(({ id }) => id).join(', ')}.`
      : `Providers that do, none of which has an account here: ${able.map(({ id }) => id).join(', ')}.`;
  const names = [...asked].join(' and ');
  const verb = asked.size > 1 ? 'do' : 'does';
  return { kind: 'not-found', path: 'model', message: `${names} ${verb} not serve /v1/${endpoint}. ${hint}` };
}
