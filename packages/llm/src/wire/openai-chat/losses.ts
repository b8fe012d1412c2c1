import type { Extras } from '../../model/extras.ts';
import type { Loss } from '../codec.ts';

/** Members that another format carried and this one has no place for: one loss each. */
export function foreignExtras(extras: Extras | undefined, path: string): readonly Loss[] {
  const foreign = extras?.['anthropic-messages'];
  if (foreign === undefined) return [];
  return Object.keys(foreign).map((name) => ({
    path: `${path}.${name}`,
    what: `Anthropic’s \`${name}\``,
    instead: 'dropped',
  }));
}
