import type { Clock } from '@patchbay/llm/model/clock';

import type { Rows } from '../ports.ts';

/** What operations on keys need. */
export interface KeyParts {
  readonly rows: Pick<Rows, 'apiKeys' | 'transaction'>;
  /** What is kept in the place of a key, in hexadecimal. */
  readonly hashOf: (text: string) => string;
  /** Makes what was written serve at once; without it, that takes up to a second. */
  readonly serveNow: () => Promise<void>;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
}
