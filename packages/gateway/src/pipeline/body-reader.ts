import { Worker, type ResourceLimits } from 'node:worker_threads';

import { ok, type Result } from '@patchbay/llm/model/failure';
import { JSON_BOUNDS } from '@patchbay/llm/transport/scan-json';

import type { BodyReply, BodyTask } from './body-messages.ts';
import type { BodyKind } from './body-shape.ts';
import { readBody, type ReadBody } from './read-body.ts';

/** Longest body read on the event loop, in bytes: a few milliseconds at the very worst. */
const LIGHT_BYTES_MAX = 1024 * 1024;
/** Most values of such a body: a conversation has a few thousand, and each may cost as much as a kilobyte of text. */
const LIGHT_NODES_MAX = 10_000;
const LIGHT_BOUNDS = { ...JSON_BOUNDS, nodesMax: LIGHT_NODES_MAX };

interface Job {
  readonly task: BodyTask;
  readonly resolve: (reply: BodyReply & { kind: 'read' }) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Reads bodies so that none of them holds up the event loop: light ones at once, heavy ones on a thread of their own,
 * one after another. The thread starts with the first heavy body, and anew when it broke.
 */
export class BodyReader {
  readonly #limits: ResourceLimits | undefined;
  readonly #jobs: Job[] = [];
  #worker: Worker | undefined;
  #running: Job | undefined;
  #closed = false;

  /** `limits`: the thread's share of memory. Default the engine's own, which suits bodies of any size. */
  constructor(limits?: ResourceLimits) {
    this.#limits = limits;
  }

  /**
   * The same result as that of `readBody`, at once for a light body. A heavy one that lies alone in its memory gives
   * that up: go on with the `bytes` of the result. Rejects when the thread broke over it, or after `close`.
   */
  read(bytes: Buffer, kind: BodyKind): Result<ReadBody> | Promise<Result<ReadBody>> {
    if (bytes.length > LIGHT_BYTES_MAX) return this.#readBeside(bytes, kind);
    const read = readBody(bytes, kind, LIGHT_BOUNDS);
    // Perhaps it only has many values: what is refused here is judged there.
    return read.ok || bytes.length <= LIGHT_NODES_MAX ? read : this.#readBeside(alone(bytes), kind);
  }

  /** Ends the thread; bodies that are still being read are given up. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#break(new Error('The body reader has been closed.'));
    await worker?.terminate();
  }

  async #readBeside(bytes: Buffer, kind: BodyKind): Promise<Result<ReadBody>> {
    const isAlone = bytes.length === bytes.buffer.byteLength;
    const { result, memory } = await this.#hand({
      memory: (isAlone ? bytes : alone(bytes)).buffer as ArrayBuffer,
      kind,
    });
    return result.ok ? ok({ ...result.value, bytes: Buffer.from(memory), json: undefined }) : result;
  }

  #hand(task: BodyTask): Promise<BodyReply & { kind: 'read' }> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ task, resolve, reject });
      this.#next();
    });
  }

  /** Only one body at a time is with the thread: when it breaks, the others are still here. */
  #next(): void {
    if (this.#running !== undefined) return;
    const job = this.#jobs.shift();
    if (job === undefined) return this.#worker?.unref();
    if (this.#closed) {
      job.reject(new Error('The body reader has been closed.'));
      return this.#next();
    }
    this.#running = job;
    this.#worker ??= this.#start();
    // An idle thread must not keep a process alive, a pending answer must.
    this.#worker.ref();
    this.#worker.postMessage(job.task, [job.task.memory]);
  }

  #start(): Worker {
    // Of the process's own options only those that say where sources lie: others may be meant for its first file.
    const execArgv = process.execArgv.filter((option) => option.startsWith('--conditions='));
    const worker = new Worker(WORKER, { execArgv, ...(this.#limits && { resourceLimits: this.#limits }) });
    worker.on('message', (reply: BodyReply) => this.#onReply(reply));
    const onBroken = (error: unknown): void => {
      if (worker === this.#worker) this.#break(error instanceof Error ? error : new Error(String(error)));
    };
    worker.on('error', onBroken);
    worker.on('messageerror', onBroken);
    worker.on('exit', () => onBroken(new Error('The body thread has ended.')));
    return worker;
  }

  #onReply(reply: BodyReply): void {
    const job = this.#running;
    this.#running = undefined;
    if (reply.kind === 'read') job?.resolve(reply);
    else job?.reject(new Error(reply.message));
    this.#next();
  }

  #break(error: Error): void {
    const job = this.#running;
    this.#worker = undefined;
    this.#running = undefined;
    job?.reject(error);
    this.#next();
  }
}

/** A copy that shares its memory with nothing. */
function alone(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

// Sources run as they are, a published package as compiled files: the worker stands beside us either way.
const WORKER = new URL(import.meta.url.endsWith('.ts') ? 'body-worker.ts' : 'body-worker.js', import.meta.url);
