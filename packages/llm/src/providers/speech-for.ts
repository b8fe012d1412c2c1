import type { WireFormatId } from '../model/extras.ts';
import type { ProviderRecord, Speaks } from './define-provider.ts';

/**
 * The wire format in which a provider is asked for a model: of those that name the model, else of those that name none,
 * the caller's own `format`, else the first. `undefined` where there is none.
 */
export function speechFor(
  { speaks }: Pick<ProviderRecord, 'speaks'>,
  model: string,
  format?: WireFormatId,
): Speaks | undefined {
  let best: Speaks | undefined;
  let bestRank = 0;
  // A loop without functions or lists, because every call comes through here.
  for (const each of speaks) {
    if (each.models !== undefined && !beginsAs(model, each.models)) continue;
    const rank = (each.models === undefined ? 1 : 3) + (each.format === format ? 1 : 0);
    if (rank <= bestRank) continue;
    best = each;
    bestRank = rank;
  }
  return best;
}

function beginsAs(model: string, beginnings: readonly string[]): boolean {
  for (const beginning of beginnings) if (model.startsWith(beginning)) return true;
  return false;
}
