/**
 * The text of bytes in whatever encoding: by its mark, else as it is declared, else UTF-8 where it is that, else UTF-16
 * where every other byte is zero, else Western (windows-1252, which holds all of latin1).
 * `undefined`: these bytes are no text.
 */
export function decodeText(bytes: Uint8Array, declared?: string): string | undefined {
  const label = markOf(bytes) ?? (utf16Of(bytes) || declared);
  const text = (label === undefined ? undefined : decodeAs(label, bytes)) ?? decodeAs('utf-8', bytes);
  const read = text ?? new TextDecoder('windows-1252').decode(bytes);
  return read.includes('\0') ? undefined : read;
}

function decodeAs(label: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function markOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

/** Bytes that are looked at to tell UTF-16 without its mark. */
const LOOKED_AT = 512;

function utf16Of(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, LOOKED_AT);
  const zeros = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = head.length / 4;
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : undefined;
}
