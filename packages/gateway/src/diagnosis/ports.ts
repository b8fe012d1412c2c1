import type { Clock } from '@patchbay/llm/model/clock';

import type { Settings } from '../config/settings.ts';
import type { Repositories } from '../storage/ports.ts';
import type { DataFolder } from './data-folder.ts';
import type { Prober } from './probe/prober.ts';
import type { ProcessFacts } from './process-facts.ts';

/**
 * What checks may look at, read-only but for what a fix needs. Every part may be absent: of a gateway that is not
 * running, of one without Redis, of a machine that does not tell. A check of an absent part is left out.
 */
export interface DoctorPorts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly rows: Repositories;
  readonly prober: Prober;
  readonly dataFolder: DataFolder;
  readonly process: ProcessFacts;
}
