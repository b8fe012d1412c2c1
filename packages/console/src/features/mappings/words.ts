import type { Mapping } from '@patchbay/contract/resources/mapping';

/** What is asked again once a mapping has changed. */
export const STALE = ['mappings.list', 'explain.request', 'audit.list'] as const;

/** Whose names are. */
export type Whose = 'everybody’s' | 'yours' | 'somebody else’s';

/** Whose a mapping is, for whoever looks at it. */
export function whoseIs({ owner_id: ownerId }: Mapping, userId: string | undefined): Whose {
  if (ownerId === null) return 'everybody’s';
  return ownerId === userId ? 'yours' : 'somebody else’s';
}
