import type { Extras } from '../../model/extras.ts';
import type { Loss } from '../codec.ts';

/** Members that another format carried and this one has no place for: one loss each. */
export function foreignExtras(extras: Extras | undefined, path: string): readonly Loss[] {
  const foreign = extras?.['openai-chat'];
  if (foreign === undefined) return [];
  return Object.keys(foreign).flatMap((name) => {
    // Wishes about the stream itself are met by every stream of this format; `null` asks for nothing.
    if (name === 'stream_options' || foreign[name] === null) return [];
    return [{ path: `${path}.${name}`, what: `OpenAI’s \`${name}\``, instead: 'dropped' as const }];
  });
}
