import type { MediaPart } from '../model/part.ts';

/** Bytes, an address (`https:` or `data:`), or the id that a provider gave to a file. */
export type MediaInput = Uint8Array | ArrayBuffer | string | URL | { readonly fileId: string };

/** What is said of a medium; everything is optional. */
export interface MediaOptions {
  /** E.g. `image/png`. Default: what the bytes or the `data:` address say, else the helper's own kind. */
  readonly mediaType?: string;
  readonly filename?: string;
}

/** A picture for a message. */
export const image = (input: MediaInput, options: MediaOptions = {}): MediaPart => mediaPart(input, 'image/*', options);

/** Sound for a message. */
export const audio = (input: MediaInput, options: MediaOptions = {}): MediaPart => mediaPart(input, 'audio/*', options);

/** A document for a message. Say its `mediaType` where its bytes do not. */
export const file = (input: MediaInput, options: MediaOptions = {}): MediaPart =>
  mediaPart(input, 'application/octet-stream', options);

function mediaPart(input: MediaInput, kind: string, { mediaType, filename }: MediaOptions): MediaPart {
  const named = filename === undefined ? {} : { filename };
  const part = (source: MediaPart['source'], said = kind): MediaPart => ({
    type: 'media',
    mediaType: mediaType ?? said,
    source,
    ...named,
  });
  if (typeof input === 'string' || input instanceof URL) return addressed(String(input), part);
  if (input instanceof ArrayBuffer || input instanceof Uint8Array) {
    const bytes = input instanceof Uint8Array ? input : new Uint8Array(input);
    return part({ kind: 'base64', data: base64Of(bytes) }, typeOfBytes(bytes) ?? kind);
  }
  return part({ kind: 'file', fileId: input.fileId });
}

function addressed(url: string, part: (source: MediaPart['source'], said?: string) => MediaPart): MediaPart {
  const [, type, data] = /^data:([^;,]+)(?:;[^,]*)?;base64,(.*)$/s.exec(url) ?? [];
  if (type !== undefined && data !== undefined) return part({ kind: 'base64', data }, type);
  if (!/^(?:https?|gs):\/\//i.test(url))
    throw new TypeError('A medium is given by its bytes, an https: or data: address, or the id of a file.');
  return part({ kind: 'url', url });
}

/** First bytes by which formats are known. */
const SIGNATURES: readonly (readonly [mediaType: string, at: number, text: string])[] = [
  ['image/png', 0, '\x89PNG'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['audio/wav', 8, 'WAVE'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/ogg', 0, 'OggS'],
  ['audio/flac', 0, 'fLaC'],
  ['application/pdf', 0, '%PDF-'],
];

const typeOfBytes = (bytes: Uint8Array): string | undefined =>
  SIGNATURES.find(([, at, text]) =>
    Array.from(text, (char) => char.charCodeAt(0)).every((byte, offset) => bytes[at + offset] === byte),
  )?.[0];

/** Characters that are made of bytes at a time: more arguments than that overflow some runtimes' stacks. */
const PIECE = 0x8000;

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}
