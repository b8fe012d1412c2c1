import type { Json, JsonObject } from '../../model/json.ts';
import type { MediaPart, MediaSource, Part, ReasoningPart } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, isObject, joined, objectOf, parseJson, textOf, unknownMembers } from '../read.ts';

/** Members of a part that say something about its data and are not the data. */
const ASIDES = new Set([
  'thought',
  'thoughtSignature',
  'videoMetadata',
  'mediaResolution',
  'mediaProcessing',
  'partMetadata',
  'speechMetadata',
]);

const BLOB = new Set(['mimeType', 'data']);
const FILE = new Set(['mimeType', 'fileUri']);
const CALL = new Set(['id', 'name', 'args']);

/** A kind of part that the model has a type for: the members it names, and how it is read; `undefined` when it cannot. */
interface PartKind {
  readonly member: string;
  readonly outer: ReadonlySet<string>;
  readonly inner: ReadonlySet<string>;
  readonly read: (data: JsonObject, nextId: () => string) => Part | undefined;
}

const kind = (member: string, inner: ReadonlySet<string>, read: PartKind['read']): PartKind => ({
  member,
  outer: new Set([member]),
  inner,
  read,
});

const KINDS: readonly PartKind[] = [
  kind('functionCall', CALL, readCall),
  kind('inlineData', BLOB, readBlob),
  kind('fileData', FILE, readFile),
];

/** Reads a part; kinds that only Gemini has stay whole. `nextId` names a call that came without an id. */
export function decodePart(wire: JsonObject, nextId: () => string): Part {
  for (const { member, outer, inner, read } of KINDS) {
    const data = objectOf(wire[member]);
    const part = data && read(data, nextId);
    if (data === undefined || part === undefined) continue;
    const rest = unknownMembers(data, inner);
    return withRest(part, { ...unknownMembers(wire, outer), ...(rest && { [member]: rest }) });
  }
  if (isSpoken(wire)) return spokenPart(wire, textOf(wire['text']) ?? '');
  return { type: 'vendor', format: 'gemini', kind: kindOf(wire), value: wire };
}

/** Words, or a signature that came without any. */
const isSpoken = (wire: JsonObject): boolean =>
  typeof wire['text'] === 'string' ||
  (typeof wire['thoughtSignature'] === 'string' && Object.keys(wire).every((name) => ASIDES.has(name)));

const SPOKEN = new Set(['text', 'thought']);
const SIGNED = new Set([...SPOKEN, 'thoughtSignature']);

function spokenPart(wire: JsonObject, text: string): Part {
  if (wire['thought'] !== true) return withRest({ type: 'text', text }, unknownMembers(wire, SPOKEN));
  const signature = textOf(wire['thoughtSignature']);
  const part: ReasoningPart = { type: 'reasoning', text, ...(signature !== undefined && { signature }) };
  const rest = unknownMembers(wire, signature === undefined ? SPOKEN : SIGNED);
  // Even if empty, the extras tell a signature that came in this format from one that Gemini would refuse.
  return signature === undefined ? withRest(part, rest) : { ...part, extras: { gemini: rest ?? {} } };
}

const withRest = (part: Part, rest: JsonObject | undefined): Part =>
  rest === undefined || Object.keys(rest).length === 0 ? part : { ...part, extras: { gemini: rest } };

/** A call in pieces is Gemini's alone, and comes only to callers who asked for it in this format. */
function readCall(call: JsonObject, nextId: () => string): Part | undefined {
  const { name, args } = call;
  if (typeof name !== 'string' || call['partialArgs'] !== undefined || call['willContinue'] === true) return undefined;
  return { type: 'tool-call', id: textOf(call['id']) || nextId(), name, argumentsJson: JSON.stringify(args ?? {}) };
}

function readBlob(blob: JsonObject): Part | undefined {
  const { mimeType, data } = blob;
  if (typeof mimeType !== 'string' || typeof data !== 'string') return undefined;
  return { type: 'media', mediaType: mimeType, source: { kind: 'base64', data } };
}

/** What stands for a type that the caller left to Gemini. */
const ANY_TYPE = '*/*';
/** Where Gemini keeps uploaded files; such an address opens for nobody else. */
const FILE_STORE = /^https:\/\/generativelanguage\.googleapis\.com\//;

function readFile(file: JsonObject): Part | undefined {
  const { mimeType, fileUri } = file;
  if (typeof fileUri !== 'string') return undefined;
  const isPublic = /^https?:/i.test(fileUri) && !FILE_STORE.test(fileUri);
  const source: MediaSource = isPublic ? { kind: 'url', url: fileUri } : { kind: 'file', fileId: fileUri };
  return { type: 'media', mediaType: textOf(mimeType) ?? ANY_TYPE, source };
}

/** The name of a part's data. */
const kindOf = (wire: JsonObject): string => Object.keys(wire).find((name) => !ASIDES.has(name)) ?? 'unknown';

/** How a part is written: where, what is lost, and whose signatures are. */
export interface PartWriting {
  readonly losses: Loss[];
  /** Gemini itself refuses signatures of others; callers keep whatever they are given. */
  readonly signatures: 'own' | 'any';
}

/** Writes a part; `undefined` for what this format has no place for. Tool results are written by `results.ts`. */
export function encodePart(part: Part, path: string, writing: PartWriting): JsonObject | undefined {
  const { losses } = writing;
  losses.push(...foreignExtras(part.extras, 'gemini', path));
  if (part.cacheControl !== undefined)
    losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
  const wire = encodeData(part, path, writing);
  return wire && joined(compact(wire), part.extras?.gemini);
}

function encodeData(part: Part, path: string, writing: PartWriting): JsonObject | undefined {
  const { losses } = writing;
  switch (part.type) {
    case 'text':
      return { text: part.text };
    case 'refusal':
      losses.push({ path, what: 'refusal, sent as text', instead: 'approximated' });
      return { text: part.text };
    case 'reasoning':
      return encodeReasoning(part, path, writing);
    case 'media':
      return encodeMedia(part, path, losses);
    case 'tool-call': {
      const { id, name } = part;
      return { functionCall: compact({ id, name, args: argsOf(part.argumentsJson, path, losses) }) };
    }
    case 'vendor':
      if (part.format === 'gemini' && isObject(part.value)) return part.value;
      return drop(path, `\`${part.kind}\` block`, losses);
    default:
      return drop(path, `${part.type} in this place`, losses);
  }
}

function drop(path: string, what: string, losses: Loss[]): undefined {
  losses.push({ path, what, instead: 'dropped' });
  return undefined;
}

function encodeReasoning(
  part: ReasoningPart,
  path: string,
  { losses, signatures }: PartWriting,
): JsonObject | undefined {
  if (part.redacted !== undefined) return drop(path, 'encrypted reasoning', losses);
  const isKept = signatures === 'any' || part.extras?.gemini !== undefined;
  if (part.signature !== undefined && !isKept) drop(`${path}.signature`, 'another vendor’s signature', losses);
  return { text: part.text, thought: true, thoughtSignature: isKept ? part.signature : undefined };
}

/** A call's arguments as an object; text that is no object cannot be carried. */
export function argsOf(argumentsJson: string, path: string, losses: Loss[]): JsonObject {
  if (argumentsJson.trim() === '') return {};
  const args = parseJson(argumentsJson);
  if (isObject(args)) return args;
  losses.push({ path: `${path}.argumentsJson`, what: 'arguments that are not a JSON object', instead: 'approximated' });
  return {};
}

function encodeMedia({ mediaType, source, filename }: MediaPart, path: string, losses: Loss[]): JsonObject {
  if (filename !== undefined) drop(`${path}.filename`, 'name of a document', losses);
  switch (source.kind) {
    case 'base64':
      return { inlineData: { mimeType: mediaType, data: source.data } };
    case 'url':
      return { fileData: compact({ mimeType: typeOf(mediaType, source.url), fileUri: source.url }) };
    case 'file':
      return { fileData: compact({ mimeType: typeOf(mediaType, source.fileId), fileUri: source.fileId }) };
    case 'text':
      losses.push({ path, what: 'text document', instead: 'moved' });
      return { text: source.text };
  }
}

/** Types by the ending of an address, for callers whose format says no more than that it is an image or a document. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  pdf: 'application/pdf',
};

/** The type that Gemini is told: one it can use, or none, which leaves it to what it finds. */
function typeOf(mediaType: string, address: string): Json | undefined {
  if (!mediaType.includes('*')) return mediaType;
  const ending = /\.([a-z]+)(?:[?#]|$)/i.exec(address)?.[1]?.toLowerCase() ?? '';
  const guess = Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined;
  const range = mediaType.slice(0, mediaType.indexOf('*'));
  return guess?.startsWith(range) === true ? guess : undefined;
}
