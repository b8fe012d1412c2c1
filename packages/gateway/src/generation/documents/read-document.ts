import type { Clock } from '@patchbay/llm/model/clock';
import { failed, type Result } from '@patchbay/llm/model/failure';
import type { Exchange } from '@patchbay/llm/transport/exchange';

import type { Hints } from './detect-type.ts';
import type { Document, DocumentAsked, ReadDocument } from './document.ts';
import { extractBeside, EXTRACTION_BOUNDS, type Extraction, type ExtractionBounds } from './extraction-thread.ts';
import { fetchDocument, megabytes } from './fetch-document.ts';

/** What reading documents needs. */
export interface DocumentReading {
  /** The way to documents on the web: guarded, since callers name the addresses. */
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Largest document, in bytes. Default 20 000 000. */
  readonly bytesMax?: number;
  /** Longest time for getting one, in milliseconds. Default 30 000. */
  readonly fetchTimeoutMs?: number;
  readonly extraction?: ExtractionBounds;
  /** Documents that are read at the same time; others wait for their turn. Default 2. */
  readonly atOnce?: number;
}

const BYTES_MAX = 20_000_000;
const FETCH_TIMEOUT_MS = 30_000;
const THREADS_MAX = 2;

/** Makes the function that gets documents and reads them. */
export function createReadDocument(reading: DocumentReading): ReadDocument {
  const { exchange, clock, bytesMax = BYTES_MAX, extraction = EXTRACTION_BOUNDS, atOnce = THREADS_MAX } = reading;
  const bounds = { bytesMax, timeoutMs: reading.fetchTimeoutMs ?? FETCH_TIMEOUT_MS };
  const inTurn = turns(atOnce);
  const extract = (task: Extraction, signal: AbortSignal): Promise<Result<Document>> =>
    inTurn(() => extractBeside(task, clock, signal, extraction));
  return async (asked, signal) => {
    if ('upload' in asked) {
      const { bytes } = asked.upload;
      if (bytes.length > bytesMax) return failed(tooLarge(bytesMax));
      return concerning('data', await extract({ bytes, hints: hintsOf(asked, asked.upload.name) }, signal));
    }
    const fetched = await fetchDocument(asked.url, exchange, bounds, clock, signal);
    if (!fetched.ok) return fetched;
    const { bytes, contentType, name } = fetched.value;
    return concerning('file_url', await extract({ bytes, hints: { ...hintsOf(asked, name), contentType } }, signal));
  };
}

/** What is wrong with a document is said of the member of the request that names it. */
const concerning = (path: string, read: Result<Document>): Result<Document> =>
  read.ok || read.failure.kind === 'cancelled' ? read : failed({ ...read.failure, path });

const hintsOf = ({ type }: DocumentAsked, name: string | undefined): Hints => ({
  ...(type !== undefined && { type }),
  ...(name !== undefined && { name }),
});

const tooLarge = (bytesMax: number) => ({
  kind: 'payload-too-large' as const,
  path: 'data',
  message: `The document is larger than ${megabytes(bytesMax)} MB. Send a part of it.`,
});

/** Runs at most `atOnce` tasks at the same time, the others in the order in which they came. */
function turns(atOnce: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
