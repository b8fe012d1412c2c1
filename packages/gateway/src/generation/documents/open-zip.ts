import { strFromU8, unzipSync } from 'fflate';

import { unreadable } from './unreadable.ts';

/** Bounds of what a zipped document may unfold to. */
export interface ZipBounds {
  /** Most files within it. */
  readonly entriesMax: number;
  /** Most bytes of those that are read, unfolded. */
  readonly inflatedBytesMax: number;
}

/** A long book has a few thousand files and a few megabytes of text. */
export const ZIP_BOUNDS: ZipBounds = { entriesMax: 10_000, inflatedBytesMax: 64 * 1024 * 1024 };

/**
 * The texts of the files in a zip that are `wanted`, by name. Throws `Unreadable` when it is broken or passes the bounds:
 * what it declares counts, and no more than it declares is unfolded.
 */
export function openZip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  { entriesMax, inflatedBytesMax }: ZipBounds = ZIP_BOUNDS,
): ReadonlyMap<string, string> {
  let entries = 0;
  let inflatedBytes = 0;
  const tooLarge = unreadable('payload-too-large', 'The document unfolds to more than is read. Give a part of it.');
  const takes = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    entries += 1;
    if (entries > entriesMax) throw tooLarge;
    if (!wanted(name)) return false;
    inflatedBytes += originalSize;
    if (inflatedBytes > inflatedBytesMax) throw tooLarge;
    return true;
  };
  try {
    const files = unzipSync(bytes, { filter: takes });
    return new Map(Object.entries(files).map(([name, content]) => [name, strFromU8(content)]));
  } catch (error) {
    if (error === tooLarge) throw error;
    throw unreadable('invalid-request', 'The document is broken: it could not be unzipped. Save it again.');
  }
}
