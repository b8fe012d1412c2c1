import { Worker } from 'node:worker_threads';

import type { Secret } from '@patchbay/llm/credentials/secret';

import type { CaptureSettings } from '../../config/settings.ts';
import type { AttemptRecord, CallRecord, CallSink } from '../call-record.ts';
import {
  CUT_MARGIN_BYTES,
  type BodyToKeep,
  type CallToKeep,
  type PayloadThreadStart,
  type PayloadToWrite,
  type PayloadWritten,
} from './kept-payloads.ts';
import { CallTap, type HeldBody, type HeldBytes } from './tap.ts';

/** Keeps the bodies of calls, written by a thread of its own. */
export interface PayloadCapture extends CallSink {
  /** The tap of a call that begins, whose key asks for this; `undefined` where nothing of it is to be kept. */
  begin(asked?: 'on' | 'off'): CallTap | undefined;
  /** Calls that wait to be written. */
  readonly queued: number;
  /** Calls whose bodies were not kept because too much waited, or that could not be written. */
  readonly dropped: number;
  /** Resolves when everything recorded so far is written or given up. */
  flush(): Promise<void>;
  /** Writes what waits and stops. */
  close(): Promise<void>;
}

export interface CaptureParts {
  readonly settings: CaptureSettings;
  /** Folder of the kept bodies; made where it is missing. */
  readonly folder: string;
  /** Most bytes held for running calls and for those that wait to be written. Default 64 MiB. */
  readonly heldMax?: number;
  /** Hears of the first call that could not be written. */
  readonly onError: (error: unknown) => void;
}

const HELD_MAX = 64 * 1024 * 1024;

/** Makes what keeps bodies, or nothing where the operator wants none. */
export const createPayloadCapture = (parts: CaptureParts): PayloadCapture | undefined =>
  parts.settings.mode === 'off' && parts.settings.byKeys !== true ? undefined : new ThreadedCapture(parts);

class ThreadedCapture implements PayloadCapture {
  dropped = 0;
  readonly #parts: CaptureParts;
  readonly #held: HeldBytes;
  readonly #worker: Worker;
  /** Taps of calls whose keys have all of them kept. */
  readonly #asked = new WeakSet<CallTap>();
  /** Taps whose calls are on their way to the file, by the number of their message. */
  readonly #waiting = new Map<number, CallTap>();
  #idle: PromiseWithResolvers<void> | undefined;
  #nextId = 1;
  #isBroken = false;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
    this.#held = { now: 0, max: parts.heldMax ?? HELD_MAX };
    const file = import.meta.url.endsWith('.ts') ? 'payload-worker.ts' : 'payload-worker.js';
    const workerData: PayloadThreadStart = { folder: parts.folder, bytesMax: parts.settings.bytesMax };
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData });
    this.#worker.on('message', ({ id, error }: PayloadWritten) => this.#onWritten(id, error));
    this.#worker.on('error', (error) => this.#break(error));
    this.#worker.on('exit', () => this.#break(new Error('The thread that writes payloads has ended.')));
    this.#worker.unref();
  }

  get queued(): number {
    return this.#waiting.size;
  }

  begin(asked?: 'on' | 'off'): CallTap | undefined {
    const { mode, byKeys = false } = this.#parts.settings;
    const isAsked = asked === 'on' && byKeys;
    if (asked === 'off' || (mode === 'off' && !isAsked)) return undefined;
    const tap = this.#tap();
    if (isAsked) this.#asked.add(tap);
    return tap;
  }

  #tap(): CallTap {
    return new CallTap(this.#parts.settings.bytesMax + CUT_MARGIN_BYTES, this.#held);
  }

  record(call: CallRecord): void {
    const { tap } = call;
    if (tap === undefined) return;
    const keepsAll = this.#parts.settings.mode !== 'errors' || this.#asked.has(tap);
    if (!keepsAll && !hasFailed(call)) return tap.release();
    if (tap.isFull || this.#isBroken) return this.#drop(tap);
    const id = this.#nextId;
    this.#nextId += 1;
    this.#waiting.set(id, tap);
    const message: PayloadToWrite = { id, call: toKeep(call, tap) };
    this.#worker.postMessage(
      message,
      bodiesOf(message.call).map(({ bytes }) => bytes.buffer),
    );
  }

  flush(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    // An idle thread must not keep a process alive, one that is waited for must.
    this.#worker.ref();
    return this.#idle.promise;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#isBroken = true;
    await this.#worker.terminate();
  }

  #drop(tap: CallTap): void {
    tap.release();
    this.dropped += 1;
  }

  #onWritten(id: number, error: string | undefined): void {
    const tap = this.#waiting.get(id);
    this.#waiting.delete(id);
    tap?.release();
    if (error !== undefined) this.#tell(new Error(`Payloads cannot be kept in ${this.#parts.folder}: ${error}`));
    this.#settle();
  }

  #tell(error: Error): void {
    this.dropped += 1;
    if (this.dropped === 1) this.#parts.onError(error);
  }

  #break(error: unknown): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#parts.onError(error);
    for (const tap of this.#waiting.values()) this.#drop(tap);
    this.#waiting.clear();
    this.#settle();
  }

  #settle(): void {
    if (this.#waiting.size > 0 || this.#idle === undefined) return;
    this.#idle.resolve();
    this.#idle = undefined;
    this.#worker.unref();
  }
}

/** An attempt that another one made good is an error worth keeping, too. */
const hasFailed = ({ state, attempts }: CallRecord): boolean =>
  state === 'failed' || attempts.some((attempt) => attempt.state === 'failed');

function toKeep({ requestId, startedAtMs, route, state, attempts }: CallRecord, tap: CallTap): CallToKeep {
  const held = tap.take();
  const all = held.exchanges.flatMap(({ secrets }) => secrets);
  return {
    requestId,
    atMs: startedAtMs,
    route,
    state,
    clientRequest: hidden(held.request, all),
    clientResponse: hidden(held.response, all),
    exchanges: held.exchanges.map(({ attempt, request, response }) => ({
      attempt,
      ...namesOf(attempts.find(({ number }) => number === attempt)),
      request: hidden(request, all),
      response: hidden(response, all),
    })),
  };
}

const namesOf = (attempt: AttemptRecord | undefined): { readonly provider: string; readonly account: string } => ({
  provider: attempt?.providerId ?? '',
  account: attempt?.accountId ?? '',
});

/** Credentials that no pattern knows are hidden here: no other thread may have them. */
function hidden({ bytes, length, isCut }: HeldBody, secrets: readonly Secret[]): BodyToKeep {
  if (secrets.length === 0) return { bytes, length, isCut };
  const text = Buffer.from(bytes.buffer).toString('latin1');
  const clean = secrets.reduce((shown, secret) => secret.hideIn(shown), text);
  return { bytes: clean === text ? bytes : new Uint8Array(Buffer.from(clean, 'latin1')), length, isCut };
}

const bodiesOf = ({ clientRequest, clientResponse, exchanges }: CallToKeep): readonly BodyToKeep[] => [
  clientRequest,
  clientResponse,
  ...exchanges.flatMap(({ request, response }) => [request, response]),
];
