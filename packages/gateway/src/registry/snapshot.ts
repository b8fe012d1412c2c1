import type { Callables } from '../pipeline/ports.ts';
import type { ModelRecord } from '../storage/records.ts';

/** What is known of a model that a row names. */
export type ListedModel = Pick<
  ModelRecord,
  | 'id'
  | 'providerId'
  | 'identifier'
  | 'name'
  | 'contextLength'
  | 'capabilities'
  | 'pricingInfo'
  | 'status'
  | 'isDefault'
  | 'version'
>;

/** A row that cannot be used as it stands. */
export interface RowProblem {
  /** `providers` or `models`. */
  readonly table: string;
  /** Identifier of the provider that the row is about. */
  readonly subject: string;
  /** What is wrong and what to do, in a sentence. */
  readonly message: string;
  /** True where an earlier state of the row goes on serving. */
  readonly servesOn: boolean;
}

/** What can be called at one moment, and what the store held then. */
export interface Snapshot extends Callables {
  /** When the store was last read, in milliseconds since 1970. */
  readonly loadedAtMs: number;
  readonly models: ReadonlyMap<string, ReadonlyMap<string, ListedModel>>;
  readonly problems: readonly RowProblem[];
}
