import type { GenerationRequest } from '../model/request.ts';
import type { Loss } from './codec.ts';

/** What a request says about the use of tools, lost where none is left to use: servers refuse it then. */
export const withoutTools = (request: GenerationRequest): readonly Loss[] =>
  (['toolChoice', 'parallelToolCalls'] as const)
    .filter((path) => request[path] !== undefined)
    .map((path) => ({ path, what: `\`${path}\` without tools`, instead: 'dropped' }));
