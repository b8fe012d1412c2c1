import type { Json, JsonObject } from '../../model/json.ts';
import type { MediaPart, Part } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact } from '../read.ts';
import { contentType, type Side } from './content.ts';
import { OWN, ownOf } from './own-extras.ts';

/** What the writer of a request needs to know. */
export interface Writing {
  readonly cacheControl: boolean;
  readonly plainReasoning: boolean;
  readonly losses: Loss[];
}

/** A part and its place in its message. */
export type Placed = readonly [index: number, part: Part];

/** What hangs on a part and cannot be carried. */
export function noteLosses(part: Part, path: string, { cacheControl, losses }: Writing): void {
  losses.push(...foreignExtras(part.extras, OWN, path));
  if (part.cacheControl !== undefined && !cacheControl)
    losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
}

/** Writes content: one text that says nothing more is a string. `undefined` when nothing of it has a place. */
export function encodeContent(parts: readonly Placed[], path: string, side: Side, writing: Writing): Json | undefined {
  const wire = parts.flatMap(([index, part]) => {
    const at = `${path}.content[${index}]`;
    const encoded = encodePart(part, at, side, writing.losses);
    if (encoded === undefined) return [];
    noteLosses(part, at, writing);
    const { item: _, message: __, ...own } = ownOf(part.extras);
    return [compact({ ...encoded, cache_control: writing.cacheControl ? part.cacheControl : undefined, ...own })];
  });
  if (wire.length === 0) return undefined;
  const [only] = wire;
  const isText = wire.length === 1 && only?.['type'] === BARE[side] && Object.keys(only).length === 2;
  return isText ? only['text'] : wire;
}

const BARE: Readonly<Record<Side, string>> = { input: 'input_text', output: 'output_text' };

function encodePart(part: Part, path: string, side: Side, losses: Loss[]): JsonObject | undefined {
  const type = contentType(part, side);
  switch (part.type) {
    case 'text':
      return { type, text: part.text };
    case 'refusal':
      if (side === 'output') return { type, refusal: part.text };
      losses.push({ path, what: 'refusal, sent as text', instead: 'approximated' });
      return { type: BARE.input, text: part.text };
    case 'media':
      if (side === 'input') return encodeMedia(part, path, losses);
      return drop(path, `${part.mediaType} in an answer`, losses);
    case 'vendor':
      if (part.format === OWN) return part.value as JsonObject;
      return drop(path, `\`${part.kind}\` block`, losses);
    default:
      return drop(path, `${part.type} in this place`, losses);
  }
}

function drop(path: string, what: string, losses: Loss[]): undefined {
  losses.push({ path, what, instead: 'dropped' });
  return undefined;
}

function encodeMedia(part: MediaPart, path: string, losses: Loss[]): JsonObject | undefined {
  const { mediaType, source, filename } = part;
  if (source.kind === 'text') {
    losses.push({ path, what: 'text document', instead: 'moved' });
    if (filename !== undefined) drop(`${path}.filename`, 'name of a document', losses);
    return { type: BARE.input, text: source.text };
  }
  if (/^(?:audio|video)\//.test(mediaType)) return drop(path, mediaType, losses);
  const type = ownOf(part.extras)['type'] ?? contentType(part, 'input');
  if (type === 'input_image') {
    if (filename !== undefined) drop(`${path}.filename`, 'name of an image', losses);
    return { type, ...encodeSource(part, 'image_url', 'image_url') };
  }
  // A file's bytes need a name; its type is the nearest to one.
  const name = filename ?? (source.kind === 'base64' ? `document.${mediaType.split('/')[1] ?? 'bin'}` : undefined);
  return compact({ type, filename: name, ...encodeSource(part, 'file_data', 'file_url') });
}

function encodeSource({ mediaType, source }: MediaPart, bytes: string, address: string): JsonObject {
  if (source.kind === 'base64') return { [bytes]: `data:${mediaType};base64,${source.data}` };
  if (source.kind === 'url') return { [address]: source.url };
  return source.kind === 'file' ? { file_id: source.fileId } : {};
}
