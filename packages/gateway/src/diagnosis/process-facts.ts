import { readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { getHeapStatistics } from 'node:v8';

import type { Clock } from '@patchbay/llm/model/clock';

/** How this process fares on its machine. */
export interface ProcessFacts {
  memory(): {
    readonly rssBytes: number;
    readonly heapBytes: number;
    /** Above this the process ends with “heap out of memory”. */
    readonly heapLimitBytes: number;
    /** Of the machine, or of the container where that has a limit. */
    readonly machineBytes: number;
  };
  /** How late the event loop came to things in the last one to two minutes, in milliseconds; 0 until it is known. */
  loopDelay(): { readonly p99Ms: number; readonly maxMs: number };
  /** Open files and sockets and how many there may be; `undefined` where the system does not tell. */
  files(): Promise<{ readonly open: number; readonly max: number } | undefined>;
  close(): void;
}

const WINDOW_MS = 60_000;
const LOOK_MS = 20;
/** A few looks say nothing: the start of a process is always late. */
const LOOKS_LEAST = 1000;

/** Watches over this process until it is closed; judges its event loop from `looksLeast` looks of 20 ms on, default 1,000. */
export function watchProcess(clock: Pick<Clock, 'every'>, looksLeast = LOOKS_LEAST): ProcessFacts {
  const delay = monitorEventLoopDelay({ resolution: LOOK_MS });
  delay.enable();
  let before = { p99Ms: 0, maxMs: 0 };
  const now = () =>
    delay.count < looksLeast ? { p99Ms: 0, maxMs: 0 } : { p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6 };
  const stop = clock.every(WINDOW_MS, () => {
    before = now();
    delay.reset();
  });
  return {
    memory: () => {
      const { rss, heapUsed } = process.memoryUsage();
      const machineBytes = process.constrainedMemory() || totalmem();
      return {
        rssBytes: rss,
        heapBytes: heapUsed,
        heapLimitBytes: getHeapStatistics().heap_size_limit,
        machineBytes: Math.min(machineBytes, totalmem()),
      };
    },
    loopDelay: () => {
      const latest = now();
      return {
        p99Ms: Math.max(before.p99Ms, latest.p99Ms),
        maxMs: Math.max(before.maxMs, latest.maxMs),
      };
    },
    files: openFiles,
    close: () => {
      stop();
      delay.disable();
    },
  };
}

async function openFiles(): Promise<{ readonly open: number; readonly max: number } | undefined> {
  try {
    const [open, limits] = await Promise.all([readdir('/proc/self/fd'), readFile('/proc/self/limits', 'utf8')]);
    const max = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
    return Number.isInteger(max) ? { open: open.length, max } : undefined;
  } catch {
    return undefined;
  }
}
