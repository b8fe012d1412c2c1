import { invalidRequest, type Failure } from '@patchbay/llm/model/failure';

import type { PieceEditor } from '../../relay/pass-upload.ts';
import { FormScan } from './form-scan.ts';

const TWICE = invalidRequest('model', 'The field `model` stands twice in the form. Send it once.');

const malformed = (problem: string): Failure => ({ kind: 'invalid-request', message: problem });

/** Looks for the model that a form names, and counts what it says in words. */
export class FormModelFinder {
  /** The value as it stands; absent until it has been seen. */
  value: Buffer | undefined;
  failure: Failure | undefined;
  /** Bytes of the fields seen so far that are no files. */
  textBytes = 0;
  readonly #scan: FormScan;

  constructor(boundary: string) {
    this.#scan = new FormScan(boundary, {
      onBytes: () => undefined,
      onModel: (value) => {
        if (this.value === undefined) this.value = Buffer.from(value);
        else this.failure = TWICE;
      },
      onText: (bytes) => {
        this.textBytes += bytes;
      },
      onClose: () => undefined,
    });
  }

  push(piece: Buffer): void {
    this.#scan.push(piece);
    if (this.#scan.problem !== undefined) this.failure ??= malformed(this.#scan.problem);
  }
}

/** Writes another model into a form as it passes: in the place of the one that it names, or else at its end. */
export class FormModelEditor implements PieceEditor {
  readonly #scan: FormScan;
  #made: Buffer[] = [];
  #models = 0;
  #hasBegun = false;

  constructor(boundary: string, model: string) {
    const value = Buffer.from(model);
    const field = `--${boundary}\r\ncontent-disposition: form-data; name="model"\r\n\r\n${model}`;
    this.#scan = new FormScan(boundary, {
      onBytes: (bytes) => {
        this.#hasBegun = true;
        this.#made.push(bytes);
      },
      onModel: () => {
        this.#models += 1;
        this.#made.push(value);
      },
      onClose: () => {
        if (this.#models > 0) return;
        // A form without any part has nothing before its last boundary.
        this.#made.push(Buffer.from(this.#hasBegun ? `\r\n${field}` : `${field}\r\n`));
      },
    });
  }

  push(piece: Buffer): readonly Buffer[] | Failure {
    this.#scan.push(piece);
    return this.#taken();
  }

  end(): readonly Buffer[] | Failure {
    this.#scan.end();
    return this.#taken();
  }

  #taken(): readonly Buffer[] | Failure {
    if (this.#models > 1) return TWICE;
    if (this.#scan.problem !== undefined) return malformed(this.#scan.problem);
    const made = this.#made;
    this.#made = [];
    return made;
  }
}
