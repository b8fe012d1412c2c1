import { failed, type Failure } from '@patchbay/llm/model/failure';

/** Thrown by what extracts text when a document cannot be read; `extractText` makes it a value. */
export class Unreadable extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** A document that cannot be read, with what its owner should do. */
export const unreadable = (kind: Failure['kind'], message: string): Unreadable => new Unreadable({ kind, message });

/** The value for what was thrown: other errors come from documents that are not what they say. */
export const failedBy = (error: unknown): ReturnType<typeof failed> =>
  failed(
    error instanceof Unreadable
      ? error.failure
      : {
          kind: 'invalid-request',
          message: 'The document is broken and could not be read. Save it again, or as another kind.',
          detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
        },
  );
