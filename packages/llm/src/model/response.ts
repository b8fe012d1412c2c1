import type { Extras } from './extras.ts';
import type { Finish } from './finish.ts';
import type { Part } from './part.ts';
import type { Usage } from './usage.ts';

/** A whole answer of a model. */
export interface GenerationResponse {
  readonly id: string;
  readonly model: string;
  /** When the answer was made, in milliseconds since 1970; 0 when the wire does not say. */
  readonly createdAtMs: number;
  readonly content: readonly Part[];
  readonly finish: Finish;
  /** Absent when the provider did not say. */
  readonly usage?: Usage;
  readonly extras?: Extras;
}
