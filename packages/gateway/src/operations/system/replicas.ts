import type { ReplicaList } from '@patchbay/contract/resources/system';
import type { Clock } from '@patchbay/llm/model/clock';

import type { ReplicaBook } from '../../diagnosis/watch/replica-book.ts';
import { enveloped } from '../enveloped.ts';
import { done, type Handlers } from '../handler.ts';

/** What the list of replicas stands on. */
export interface ReplicaListParts {
  /** Absent where nothing watches over the system. */
  readonly replicas: Pick<ReplicaBook, 'self' | 'others'> | undefined;
  readonly clock: Clock;
}

/** Processes that share one Redis, this one first. */
export const replicaHandlers = (parts: ReplicaListParts): Handlers<'system.replicas'> => ({
  'system.replicas': () => Promise.resolve(done(enveloped(parts.clock, { replicas: replicasOf(parts) }))),
});

function replicasOf({ replicas }: ReplicaListParts): ReplicaList['replicas'] {
  if (replicas === undefined) return [];
  const { self } = replicas;
  const others = replicas.others().toSorted((one, other) => one.id.localeCompare(other.id));
  return [
    { id: self.id, version: self.version, isThis: true, hasSameSettings: true, clockAheadMs: 0 },
    ...others.map(({ id, version, settings, aheadMs }) => ({
      id,
      version,
      isThis: false,
      hasSameSettings: settings === self.settings,
      clockAheadMs: Math.round(aheadMs),
    })),
  ];
}
