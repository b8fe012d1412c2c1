import type { Json } from '../../model/json.ts';
import type { CacheControl } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { compact, unknownMembers } from '../read.ts';

const LIFETIMES = new Set<unknown>(['5m', '1h', undefined, null]);
const KNOWN = new Set(['type', 'ttl']);

/** A breakpoint as the block that stands behind what it ends; none where there is none. */
export function encodeCachePoint(
  cacheControl: CacheControl | undefined,
  path: string,
  losses: Loss[],
): readonly Json[] {
  if (cacheControl === undefined) return [];
  const { ttl } = cacheControl;
  const known = LIFETIMES.has(ttl);
  if (!known)
    losses.push({ path: `${path}.cacheControl.ttl`, what: 'lifetime of a breakpoint', instead: 'approximated' });
  for (const name of Object.keys(unknownMembers(cacheControl, KNOWN) ?? {}))
    losses.push({ path: `${path}.cacheControl.${name}`, what: `\`${name}\` of a breakpoint`, instead: 'dropped' });
  return [{ cachePoint: compact({ type: 'default', ttl: known && ttl !== null ? ttl : undefined }) }];
}
