import { Worker } from 'node:worker_threads';

import type { Clock } from '@patchbay/llm/model/clock';
import { failed, type Failure, type Result } from '@patchbay/llm/model/failure';

import type { Hints } from './detect-type.ts';
import type { Document } from './document.ts';

/** What a thread is given to read. */
export interface Extraction {
  readonly bytes: Uint8Array;
  readonly hints: Hints;
}

/** What reading one document may take. */
export interface ExtractionBounds {
  /** In milliseconds. Default 20 000. */
  readonly timeoutMs: number;
  /** In mebibytes. Default 512; buffers outside the heap are counted too, every quarter of a second. */
  readonly memoryMib: number;
}

/** What suits documents of a thousand pages. */
export const EXTRACTION_BOUNDS: ExtractionBounds = { timeoutMs: 20_000, memoryMib: 512 };

const WATCH_EVERY_MS = 250;
const MIB = 1024 * 1024;

/**
 * Reads a document on a thread of its own, which ends with it: a document that is made to take all time or memory
 * takes neither from the gateway.
 */
export async function extractBeside(
  { bytes, hints }: Extraction,
  clock: Clock,
  signal: AbortSignal,
  { timeoutMs, memoryMib }: ExtractionBounds = EXTRACTION_BOUNDS,
): Promise<Result<Document>> {
  if (signal.aborted) return failed(CANCELLED);
  // Of the process's own options only those that say where sources lie: others may be meant for its first file.
  const execArgv = process.execArgv.filter((option) => option.startsWith('--conditions='));
  const worker = new Worker(WORKER, {
    execArgv,
    env: {},
    // What a reader of a document prints is of no interest to whoever runs the gateway.
    stdout: true,
    stderr: true,
    workerData: { bytes, hints } satisfies Extraction,
    resourceLimits: { maxOldGenerationSizeMb: memoryMib },
  });
  const over = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Result<Document>>();
  const fail = (failure: Failure) => (): void => resolve(failed(failure));
  worker.on('message', (result: Result<Document>) => resolve(result));
  worker.on('error', (error: Error & { code?: string }) =>
    resolve(failed(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? TOO_MUCH : broken(error))),
  );
  worker.on('exit', fail(BROKEN));
  signal.addEventListener('abort', fail(CANCELLED), { once: true, signal: over.signal });
  void clock.sleep(timeoutMs, over.signal).then(fail(TOO_LONG));
  const stopWatch = clock.every(
    WATCH_EVERY_MS,
    () => void watch(worker, memoryMib).then((isOver) => isOver && fail(TOO_MUCH)()),
  );
  try {
    return await promise;
  } finally {
    over.abort();
    stopWatch();
    await worker.terminate();
  }
}

/** True when the thread holds more than it may. Buffers lie outside the heap, where the engine's own bound does not reach. */
async function watch(worker: Worker, memoryMib: number): Promise<boolean> {
  const heap = await worker.getHeapStatistics().catch(() => undefined);
  return heap !== undefined && heap.total_heap_size + heap.external_memory > memoryMib * MIB;
}

const CANCELLED: Failure = { kind: 'cancelled', message: 'The request was cancelled.' };
const TOO_LONG: Failure = {
  kind: 'payload-too-large',
  message: 'Reading the document took too long. Give a shorter one, or its text alone.',
};
const TOO_MUCH: Failure = {
  kind: 'payload-too-large',
  message: 'Reading the document took too much memory. Give a shorter one, or its text alone.',
};
const BROKEN: Failure = {
  kind: 'invalid-request',
  message: 'The document could not be read. Save it again, or as another kind.',
};

const broken = (error: Error): Failure => ({ ...BROKEN, detail: error.stack ?? error.message });

// Sources run as they are, a published package as compiled files: the worker stands beside us either way.
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? 'extraction-worker.ts' : 'extraction-worker.js',
  import.meta.url,
);
