import type { IncomingMessage } from 'node:http';

import type { Failure } from '@patchbay/llm/model/failure';

import type { PieceTarget, UpstreamBody } from './upstream.ts';

/** Hears what becomes of an upload. */
export interface UploadWatcher {
  /** Something was handed on, or the other side is waited for now. */
  onMoved(): void;
  /** The body cannot be passed on to its end. */
  onProblem(failure: Failure): void;
}

/** Changes a body while it passes. */
export interface PieceEditor {
  /** What becomes of a piece; a failure ends the upload. */
  push(piece: Buffer): readonly Buffer[] | Failure;
  /** What is left when the body has ended. */
  end(): readonly Buffer[] | Failure;
}

/** What an upload is made of. */
export interface UploadParts {
  readonly source: IncomingMessage;
  /** What has been read of the source before. */
  readonly head?: readonly Buffer[];
  /** Length of what goes out, in bytes; absent where it is not known. */
  readonly lengthBytes: number | undefined;
  readonly editor?: PieceEditor;
}

/**
 * A client's request body on its way upstream: no more of it is held than what the upstream has not taken yet. Can be
 * sent once. When the upstream wants no more, the rest is read and thrown away, so that the client gets to read its
 * answer.
 */
export class PassUpload implements UpstreamBody {
  readonly lengthBytes: number | undefined;
  watcher: UploadWatcher | undefined;
  readonly #source: IncomingMessage;
  readonly #editor: PieceEditor | undefined;
  #head: readonly Buffer[];
  #target: PieceTarget | undefined;
  #waitsFor: 'client' | 'upstream' | 'nobody' = 'client';

  constructor({ source, head = [], lengthBytes, editor }: UploadParts) {
    this.#source = source;
    this.#head = head;
    this.lengthBytes = lengthBytes;
    this.#editor = editor;
    // A client that leaves in the middle reports an error, which would otherwise end the process.
    source.on('error', () => undefined);
  }

  /** True once bytes may have left, so that it cannot be sent again. */
  get begun(): boolean {
    return this.#target !== undefined;
  }

  /** Whose turn it is; nobody's once the body has ended. */
  get waitsFor(): 'client' | 'upstream' | 'nobody' {
    return this.#waitsFor;
  }

  start(target: PieceTarget): void {
    this.#target = target;
    const head = this.#head;
    this.#head = [];
    for (const piece of head) this.#pass(piece);
    if (this.#source.readableEnded) return this.#end();
    this.#source.on('data', (piece: Buffer) => this.#pass(piece)).on('end', () => this.#end());
    if (this.#waitsFor === 'client') this.#source.resume();
    else this.#source.pause();
    return undefined;
  }

  onReady(): void {
    if (this.#waitsFor !== 'upstream') return;
    this.#turn('client');
    this.#source.resume();
  }

  #pass(piece: Buffer): void {
    const made = this.#editor?.push(piece) ?? [piece];
    if ('kind' in made) return this.#stop(made);
    for (const each of made) if (this.#target?.write(each) === false) this.#waitsFor = 'upstream';
    if (this.#waitsFor === 'upstream') this.#source.pause();
    this.watcher?.onMoved();
  }

  #end(): void {
    if (this.#waitsFor === 'nobody') return;
    const last = this.#editor?.end() ?? [];
    if ('kind' in last) return this.#stop(last);
    for (const each of last) this.#target?.write(each);
    this.#target?.end();
    this.#turn('nobody');
  }

  #turn(waitsFor: 'client' | 'nobody'): void {
    this.#waitsFor = waitsFor;
    this.watcher?.onMoved();
  }

  /** What still comes is thrown away: the connection that took the pieces is given up by whoever hears of it. */
  #stop(failure: Failure): void {
    this.#target = NOWHERE;
    this.#waitsFor = 'nobody';
    this.#source.removeAllListeners('data').on('data', () => undefined);
    this.#source.resume();
    this.watcher?.onProblem(failure);
  }
}

const NOWHERE: PieceTarget = { write: () => true, end: () => undefined };
