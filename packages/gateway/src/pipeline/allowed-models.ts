import type { Failure } from '@patchbay/llm/model/failure';

import type { Caller } from '../identity/ports.ts';
import type { Found } from './ports.ts';

/**
 * Why a key may not call what it asked for; `undefined` where it may. What counts is where the call would go: a name that
 * the caller gave to a model itself opens nothing.
 */
export function modelRefusal({ models }: Caller, asked: string, { targets, isOwn }: Found): Failure | undefined {
  if (models === undefined || (!isOwn && isListed(models, asked))) return undefined;
  if (targets.every(({ providerId, model }) => isListed(models, model) || isListed(models, `${providerId}/${model}`)))
    return undefined;
  const message = `This key may not call the model \`${asked}\`. It may call ${models.join(', ')}.`;
  return { kind: 'permission', path: 'model', message };
}

/** True for a name that is listed, by itself or by its beginning before a `*`. */
export const isListed = (models: readonly string[], name: string): boolean =>
  models.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each === name));
