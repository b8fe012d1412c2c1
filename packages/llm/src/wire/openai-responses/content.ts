import type { Part } from '../../model/part.ts';

/** Who speaks: what goes into a model and what comes out of it are written with different words. */
export type Side = 'input' | 'output';

/** The type that a part has on the wire where nothing else is said; `undefined` for what is no content of a message. */
export function contentType(part: Part, side: Side): string | undefined {
  if (part.type === 'text') return side === 'input' ? 'input_text' : 'output_text';
  if (part.type === 'refusal') return 'refusal';
  if (part.type !== 'media') return undefined;
  return part.mediaType.startsWith('image/') ? 'input_image' : 'input_file';
}
