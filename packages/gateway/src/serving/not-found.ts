import type { OperationFailure } from '@patchbay/contract';
import { nearMatches } from '@patchbay/llm/routing/near-matches';

const PATH_CHARACTERS_MAX = 200;

/** What to say to a path that is not there: the ones that are like it. */
export function notFound(method: string, path: string, known: readonly string[]): OperationFailure {
  const suggestions = nearMatches(path, known);
  const message = `There is no ${method} ${path.slice(0, PATH_CHARACTERS_MAX)} here. GET /openapi.json lists every route.`;
  return { code: 'NOT_FOUND', message, ...(suggestions.length > 0 && { suggestions }) };
}
