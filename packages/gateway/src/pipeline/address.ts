import type { Speaks } from '@patchbay/llm/providers/define-provider';

import type { Call } from './call.ts';

/**
 * Path and query of one attempt at a provider. `query` is the caller's own, with its `?`, for callers who speak the
 * provider's format; what the provider's path says already wins over it.
 */
export function addressOf(
  { operation, stream }: Pick<Call, 'operation' | 'stream'>,
  speaks: Pick<Speaks, 'path' | 'streamPath' | 'countPath'>,
  model: string,
  query = '',
): string {
  const path = operation === 'count-tokens' ? (speaks.countPath ?? speaks.path) : streamOr(speaks, stream);
  const named = path.replace('{model}', () => inPath(model));
  if (query === '' || !named.includes('?')) return named + query;
  const own = new URLSearchParams(named.slice(named.indexOf('?')));
  const more = new URLSearchParams(query);
  for (const name of own.keys()) more.delete(name);
  const rest = more.toString();
  return rest === '' ? named : `${named}&${rest}`;
}

const streamOr = ({ path, streamPath = path }: Pick<Speaks, 'path' | 'streamPath'>, stream: boolean): string =>
  stream ? streamPath : path;

/** Slashes and colons are part of many names, and servers that take such names expect them as they are. */
const inPath = (model: string): string => encodeURIComponent(model).replace(/%2F/g, '/').replace(/%3A/g, ':');
