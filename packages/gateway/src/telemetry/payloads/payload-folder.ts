import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { zstdDecompressSync } from 'node:zlib';

import type { KeptPayloads } from './kept-payloads.ts';

/** Its name in the data folder. */
export const PAYLOADS_FOLDER = 'payloads';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Where a call is kept: a folder a day, in it 256 files, in each a line a call that begins with a hash of its id. */
export interface PayloadPlace {
  /** `2026-11-21`, in UTC. */
  readonly day: string;
  /** Name of the file. */
  readonly bucket: string;
  /** What the line begins with. */
  readonly hash: string;
}

/** Where a call of this time is kept. */
export function placeOf(requestId: string, atMs: number): PayloadPlace {
  const hash = createHash('sha256').update(requestId).digest('hex').slice(0, 32);
  return { day: new Date(atMs).toISOString().slice(0, 10), bucket: hash.slice(0, 2), hash };
}

/** The kept bodies of calls. */
export interface PayloadFolder {
  /** Those of the calls with this id, the newest first; clients may send an id twice. At most `most`. */
  read(requestId: string, most: number): Promise<readonly KeptPayloads[]>;
  /** Removes the days that ended before then, each at once; resolves to how many. */
  removeBefore(beforeMs: number): Promise<number>;
}

/** Reads and clears the folder; one that is not there is empty. */
export const payloadFolder = (folder: string): PayloadFolder => ({
  async read(requestId, most) {
    const { bucket, hash } = placeOf(requestId, 0);
    const found: KeptPayloads[] = [];
    for (const day of (await daysIn(folder)).toReversed()) {
      const ofDay = await linesIn(path.join(folder, day, bucket), hash, most);
      found.push(...ofDay.toReversed());
      if (found.length >= most) break;
    }
    return found.slice(0, most);
  },
  async removeBefore(beforeMs) {
    const old = (await daysIn(folder)).filter((day) => Date.parse(day) + DAY_MS <= beforeMs);
    for (const day of old) await rm(path.join(folder, day), { recursive: true, force: true });
    return old.length;
  },
});

async function daysIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(ifMissing([]));
  return names.filter((name) => DAY.test(name)).toSorted();
}

/** The last `most` of a file's calls with this hash, in their order. */
async function linesIn(file: string, hash: string, most: number): Promise<readonly KeptPayloads[]> {
  const found: string[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      if (!line.startsWith(hash)) continue;
      found.push(line);
      if (found.length > most) found.shift();
    }
  } catch (error) {
    ifMissing(undefined)(error);
  }
  return found.flatMap(opened);
}

/** A line that a crash cut short is passed over. */
function opened(line: string): readonly KeptPayloads[] {
  try {
    const json = zstdDecompressSync(Buffer.from(line.slice(line.indexOf(' ') + 1), 'base64')).toString();
    return [JSON.parse(json) as KeptPayloads];
  } catch {
    return [];
  }
}

const ifMissing =
  <T>(otherwise: T) =>
  (error: unknown): T => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  };
