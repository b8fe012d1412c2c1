import type { Json, JsonObject } from '../../model/json.ts';
import type { MediaPart, MediaSource, Part } from '../../model/part.ts';
import { isObject, unknownMembers } from '../read.ts';
import { breakpointOf, Refusal, required, wanted } from '../refusal.ts';
import { contentType, type Side } from './content.ts';
import { OWN, withOwn } from './own-extras.ts';

/** Reads the content of a message or of a tool's result: text, or a list of parts. */
export function decodeContent(value: Json | undefined, path: string, side: Side): readonly Part[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw new Refusal(path, 'a string or a list of content parts');
  return (value as readonly Json[]).map((each, index) => decodePart(each, `${path}[${index}]`, side));
}

/** A part, and the members of the wire that it says. */
interface Read {
  readonly part: Part;
  readonly said: readonly string[];
}

const text = (wire: JsonObject, path: string): Read => ({
  part: { type: 'text', text: required(wire, 'text', path) },
  said: ['text'],
});

const READERS: Readonly<Record<string, (wire: JsonObject, path: string) => Read>> = {
  input_text: text,
  output_text: text,
  text,
  refusal: (wire, path) => ({
    part: { type: 'refusal', text: required(wire, 'refusal', path) },
    said: ['refusal'],
  }),
  input_image: readImage,
  input_file: readFile,
};

function decodePart(value: Json, path: string, side: Side): Part {
  if (!isObject(value)) throw new Refusal(path, 'an object');
  const { type } = value;
  if (typeof type !== 'string') throw new Refusal(`${path}.type`, 'a string such as `input_text`');
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (reader === undefined) return { type: 'vendor', format: OWN, kind: type, value };
  const { part, said } = reader(value, path);
  // A type that this side does not use is kept, so that the part is written as it came.
  const known = new Set([...said, 'cache_control', ...(type === contentType(part, side) ? ['type'] : [])]);
  return { ...part, ...breakpointOf(value, path), ...withOwn(unknownMembers(value, known) ?? {}) };
}

const DATA_URL = /^data:([^;,]+)(?:;[^,]*)?;base64,/i;

/** Bytes in a data URL, or the address that any other URL is. */
function addressed(url: string, range: string): Pick<MediaPart, 'mediaType' | 'source'> {
  const data = DATA_URL.exec(url);
  if (data?.[1] === undefined) return { mediaType: range, source: { kind: 'url', url } };
  return { mediaType: data[1], source: { kind: 'base64', data: url.slice(data[0].length) } };
}

function readImage(wire: JsonObject, path: string): Read {
  const url = wanted(wire, 'image_url', 'string', `${path}.image_url`) as string | undefined;
  if (url !== undefined) return { part: { type: 'media', ...addressed(url, 'image/*') }, said: ['image_url'] };
  const fileId = wanted(wire, 'file_id', 'string', `${path}.file_id`) as string | undefined;
  if (fileId === undefined) throw new Refusal(`${path}.image_url`, 'a URL, or `file_id` the name of a file');
  const source: MediaSource = { kind: 'file', fileId };
  return { part: { type: 'media', mediaType: 'image/*', source }, said: ['file_id', 'image_url'] };
}

const BARE_FILE = 'application/pdf';
const ANY_FILE = 'application/*';

function readFile(wire: JsonObject, path: string): Read {
  const text = (name: string): string | undefined =>
    wanted(wire, name, 'string', `${path}.${name}`) as string | undefined;
  const [data, url, fileId, filename] = [text('file_data'), text('file_url'), text('file_id'), text('filename')];
  const named = filename === undefined ? {} : { filename };
  const file = (from: Pick<MediaPart, 'mediaType' | 'source'>, member: string): Read => ({
    part: { type: 'media', ...from, ...named },
    said: [member, 'filename'],
  });
  if (data !== undefined) {
    const from = addressed(data, BARE_FILE);
    // Some clients send the bytes without the front of a data URL.
    return file(
      from.source.kind === 'url' ? { mediaType: BARE_FILE, source: { kind: 'base64', data } } : from,
      'file_data',
    );
  }
  if (url !== undefined) return file({ mediaType: ANY_FILE, source: { kind: 'url', url } }, 'file_url');
  if (fileId !== undefined) return file({ mediaType: ANY_FILE, source: { kind: 'file', fileId } }, 'file_id');
  throw new Refusal(`${path}.file_data`, 'the bytes of a file, or `file_url` or `file_id` where it is');
}
