import type { Speaks } from '@patchbay/llm/providers/define-provider';
import { pathOf } from '@patchbay/llm/providers/path-of';

import type { Call } from './call.ts';

/**
 * Path and query of one attempt at a provider. `query` is the caller's own, with its `?`, for callers who speak the
 * provider's format; what the provider's path says already wins over it.
 */
export function addressOf(
  { operation, stream }: Pick<Call, 'operation' | 'stream'>,
  speaks: Pick<Speaks, 'path' | 'streamPath' | 'countPath' | 'encodesSlash'>,
  model: string,
  query = '',
): string {
  const path = pathOf(speaks, model, operation === 'count-tokens' ? 'count' : stream ? 'stream' : 'answer');
  if (query === '' || !path.includes('?')) return path + query;
  const own = new URLSearchParams(path.slice(path.indexOf('?')));
  const more = new URLSearchParams(query);
  for (const name of own.keys()) more.delete(name);
  const rest = more.toString();
  return rest === '' ? path : `${path}&${rest}`;
}
