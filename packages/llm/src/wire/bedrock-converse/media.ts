import type { Json, JsonObject } from '../../model/json.ts';
import type { MediaPart } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { objectOf, textOf } from '../read.ts';

/** The member that holds a medium, Amazon's name of its format, and its media type. The first row of each is written. */
const MEDIA: readonly (readonly [block: string, format: string, mediaType: string])[] = [
  ['image', 'png', 'image/png'],
  ['image', 'jpeg', 'image/jpeg'],
  ['image', 'jpeg', 'image/jpg'],
  ['image', 'gif', 'image/gif'],
  ['image', 'webp', 'image/webp'],
  ['video', 'mp4', 'video/mp4'],
  ['video', 'webm', 'video/webm'],
  ['video', 'mov', 'video/quicktime'],
  ['video', 'mkv', 'video/x-matroska'],
  ['video', 'mpeg', 'video/mpeg'],
  ['video', 'flv', 'video/x-flv'],
  ['video', 'wmv', 'video/x-ms-wmv'],
  ['video', 'three_gp', 'video/3gpp'],
  ['audio', 'mp3', 'audio/mpeg'],
  ['audio', 'mp3', 'audio/mp3'],
  ['audio', 'wav', 'audio/wav'],
  ['audio', 'wav', 'audio/x-wav'],
  ['audio', 'flac', 'audio/flac'],
  ['audio', 'ogg', 'audio/ogg'],
  ['audio', 'opus', 'audio/opus'],
  ['audio', 'aac', 'audio/aac'],
  ['audio', 'm4a', 'audio/mp4'],
  ['audio', 'm4a', 'audio/x-m4a'],
  ['audio', 'webm', 'audio/webm'],
  ['audio', 'pcm', 'audio/pcm'],
  ['document', 'pdf', 'application/pdf'],
  ['document', 'txt', 'text/plain'],
  ['document', 'md', 'text/markdown'],
  ['document', 'html', 'text/html'],
  ['document', 'csv', 'text/csv'],
  ['document', 'doc', 'application/msword'],
  ['document', 'docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['document', 'xls', 'application/vnd.ms-excel'],
  ['document', 'xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
];

const BLOCKS = new Set(MEDIA.map(([block]) => block));

/** Reads a block that holds a medium; `undefined` for other blocks, and for sources that the model cannot name. */
export function decodeMedia(block: string, value: Json | undefined): MediaPart | undefined {
  const medium = BLOCKS.has(block) ? objectOf(value) : undefined;
  const source = decodeSource(objectOf(medium?.['source']));
  if (medium === undefined || source === undefined) return undefined;
  const format = textOf(medium['format']) ?? '';
  const mediaType = MEDIA.find(([each, name]) => each === block && name === format)?.[2];
  const filename = textOf(medium['name']);
  return {
    type: 'media',
    mediaType: mediaType ?? `${block === 'document' ? 'application' : block}/${format || '*'}`,
    source,
    ...(filename !== undefined && { filename }),
  };
}

function decodeSource(source: JsonObject | undefined): MediaPart['source'] | undefined {
  const data = textOf(source?.['bytes']);
  if (data !== undefined) return { kind: 'base64', data };
  const text = textOf(source?.['text']);
  if (text !== undefined) return { kind: 'text', text };
  const url = textOf(objectOf(source?.['s3Location'])?.['uri']);
  return url === undefined ? undefined : { kind: 'url', url };
}

/** Where media are written. */
export interface MediaPlace {
  readonly path: string;
  readonly losses: Loss[];
  /** Names of the request's documents, of which no two may be the same, with how often each was wanted. */
  readonly names: Map<string, number>;
}

/** Writes a medium by its bytes, or by its address when it lies in Amazon's storage; others cannot be carried. */
export function encodeMedia(part: MediaPart, { path, losses, names }: MediaPlace): JsonObject | undefined {
  const mediaType = (part.mediaType.split(';')[0] ?? '').trim().toLowerCase();
  const row = MEDIA.find(([, , each]) => each === mediaType);
  const source = encodeSource(part);
  if (row === undefined || source === undefined) {
    const what = row === undefined ? part.mediaType : `${part.mediaType} by ${part.source.kind}`;
    losses.push({ path, what, instead: 'dropped' });
    return undefined;
  }
  const [block, format] = row;
  if (block === 'document') {
    const name = documentName(part.filename, names);
    if (part.filename !== undefined && name !== part.filename)
      losses.push({ path: `${path}.filename`, what: 'name of a document', instead: 'approximated' });
    return { document: { format, name, source } };
  }
  if (part.filename !== undefined)
    losses.push({
      path: `${path}.filename`,
      what: `name of ${block === 'video' ? 'a' : 'an'} ${block}`,
      instead: 'dropped',
    });
  return { [block]: { format, source } };
}

function encodeSource({ source }: MediaPart): JsonObject | undefined {
  if (source.kind === 'base64') return { bytes: source.data };
  if (source.kind === 'text') return { bytes: base64Of(source.text) };
  if (source.kind === 'url' && source.url.startsWith('s3://')) return { s3Location: { uri: source.url } };
  return undefined;
}

/** Every document needs a name of letters, digits, single spaces, hyphens and brackets that no other has. */
function documentName(filename: string | undefined, names: Map<string, number>): string {
  const legal = (filename ?? '').replace(/[^\p{L}\p{N}\s()[\]-]/gu, '-').replace(/\s+/g, ' ');
  const wanted = legal.trim().slice(0, NAME_LENGTH_MAX) || 'document';
  let count = names.get(wanted) ?? 0;
  let name = wanted;
  do {
    count += 1;
    if (count > 1) name = `${wanted}-${count}`;
  } while (names.has(name));
  names.set(wanted, count);
  if (name !== wanted) names.set(name, 1);
  return name;
}

/** Amazon takes no longer name of a document, in characters. */
const NAME_LENGTH_MAX = 190;

/** Arguments that a function call may have, with room to spare. */
const BYTES_AT_ONCE = 8192;

function base64Of(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE)
    binary += String.fromCharCode(...bytes.subarray(at, at + BYTES_AT_ONCE));
  return btoa(binary);
}

/** The base64 of bytes whose pieces were each written in base64. */
export function joinBase64(pieces: readonly string[]): string {
  if (pieces.length < 2) return pieces[0] ?? '';
  try {
    return btoa(pieces.map((piece) => atob(piece)).join(''));
  } catch {
    return pieces.join('');
  }
}
