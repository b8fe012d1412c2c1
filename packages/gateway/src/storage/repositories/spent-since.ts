import type { KeyStore } from '../../identity/ports.ts';
import type { Usage } from '../ports.ts';

/** Where it is looked up what was spent. */
export interface SpentParts {
  readonly usage: Usage;
  readonly keys: Pick<KeyStore, 'list'>;
}

/**
 * Billionths of a dollar that a scope spent since the hour of a moment (milliseconds since 1970): `key:<id>`, or
 * `user:<id>` over all keys of that user. Nothing is known of other scopes: 0.
 */
export const spentSince =
  ({ usage, keys }: SpentParts): ((scope: string, sinceMs: number) => Promise<number>) =>
  async (scope, sinceMs) => {
    const [, kind, id = ''] = /^(key|user):(.*)$/s.exec(scope) ?? [];
    if (kind === undefined) return 0;
    const ids =
      kind === 'key' ? [id] : (await keys.list()).filter(({ owner }) => owner?.id === id).map((key) => key.id);
    let nanoUsd = 0;
    for (const keyId of ids) {
      const hours = await usage.hours({ fromMs: sinceMs, toMs: Number.MAX_SAFE_INTEGER, keyId });
      for (const hour of hours) nanoUsd += hour.costNanoUsd;
    }
    return nanoUsd;
  };
