import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { textOf } from '@patchbay/llm/wire/read';

/** One answer of the Responses API that the gateway keeps in a provider's place. */
export interface KeptResponse {
  readonly id: string;
  /** The data-plane key that it belongs to. */
  readonly keyId: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** The answer before it in the same conversation. */
  readonly previousId: string | undefined;
  /** The `response` as its caller got it. */
  readonly response: JsonObject;
  /** The items that its own request brought, references resolved. */
  readonly input: readonly Json[];
}

/** The same as it lies in the store: `response` and `input` are JSON texts. */
export interface ResponseRow {
  readonly id: string;
  readonly keyId: string;
  readonly createdAtMs: number;
  readonly previousId: string | undefined;
  readonly status: string;
  readonly response: string;
  readonly input: string;
}

/** Where kept answers lie. */
export interface ResponseStore {
  /** Writes all of them or none; an answer of the same key and id is replaced. */
  put(rows: readonly ResponseRow[]): Promise<void>;
  find(keyId: string, id: string): Promise<ResponseRow | undefined>;
  /** Resolves false when there was none. */
  remove(keyId: string, id: string): Promise<boolean>;
  withStatus(statuses: readonly string[]): Promise<readonly ResponseRow[]>;
  /** Deletes at most `max` of those made before a time; resolves to how many went. */
  removeBefore(createdAtMs: number, max: number): Promise<number>;
}

/** The status of an answer in the vendor's own words. */
export const statusOf = ({ response }: Pick<KeptResponse, 'response'>): string => textOf(response['status']) ?? '';
