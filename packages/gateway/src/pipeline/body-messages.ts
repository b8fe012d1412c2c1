import type { Result } from '@patchbay/llm/model/failure';

import type { BodyKind } from './body-shape.ts';
import type { ReadBody } from './read-body.ts';

/** One body to read. */
export interface BodyTask {
  readonly memory: ArrayBuffer;
  readonly kind: BodyKind;
}

/** What reading a body found besides its bytes and its value. */
export type Findings = Omit<ReadBody, 'bytes' | 'json'>;

/** The body thread's answer to the one body whose memory it was given; the memory comes back, never a copy of it. */
export type BodyReply =
  | { readonly kind: 'read'; readonly memory: ArrayBuffer; readonly result: Result<Findings> }
  /** Something failed that no body can be blamed for. */
  | { readonly kind: 'error'; readonly message: string };
