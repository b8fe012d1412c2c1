import { failed, ok, type Result } from '@patchbay/llm/model/failure';

/** A picture and how large it is. */
export interface Picture {
  readonly bytes: Buffer;
  readonly type: 'png' | 'jpeg' | 'gif' | 'webp';
  readonly widthPx: number;
  readonly heightPx: number;
}

type Size = readonly [widthPx: number, heightPx: number];

const READERS: readonly (readonly [Picture['type'], (bytes: Buffer) => Size | undefined])[] = [
  ['png', pngSize],
  ['jpeg', jpegSize],
  ['gif', gifSize],
  ['webp', webpSize],
];

/** Tells what a picture is by its bytes. Anything but PNG, JPEG, GIF and WebP is a failure, as is one without a size. */
export function readPicture(bytes: Buffer): Result<Picture> {
  for (const [type, sizeOf] of READERS) {
    const [widthPx = 0, heightPx = 0] = sizeOf(bytes) ?? [];
    if (widthPx > 0 && heightPx > 0) return ok({ bytes, type, widthPx, heightPx });
  }
  return failed({ kind: 'invalid-request', message: 'The picture is no PNG, JPEG, GIF or WebP, or it is broken.' });
}

function pngSize(bytes: Buffer): Size | undefined {
  const isPng = bytes.length >= 24 && bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n';
  return isPng ? [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] : undefined;
}

function gifSize(bytes: Buffer): Size | undefined {
  const isGif = bytes.length >= 10 && /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6));
  return isGif ? [bytes.readUInt16LE(6), bytes.readUInt16LE(8)] : undefined;
}

/** Marks of a frame, which has the size; those between them mean something else. */
const isFrame = (mark: number): boolean => mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark);

function jpegSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff;) {
    const mark = bytes[at + 1] ?? 0;
    // Such a mark may be preceded by any number of bytes that fill.
    if (mark === 0xff) at += 1;
    else if (isFrame(mark)) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function webpSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 30 || !/^RIFF....WEBP/s.test(bytes.toString('latin1', 0, 12))) return undefined;
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8X') return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
  if (kind === 'VP8 ') return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
  if (kind !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(21);
  return [(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1];
}
