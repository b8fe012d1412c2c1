import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Usage } from '../../storage/ports.ts';

/** What reports of usage stand on. */
export interface UsageParts {
  readonly usage: Usage;
  /** Prices. */
  readonly catalog: () => Promise<Catalog>;
  readonly clock: Clock;
}
