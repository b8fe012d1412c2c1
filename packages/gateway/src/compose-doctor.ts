import type { Clock } from '@patchbay/llm/model/clock';

import type { Settings } from './config/settings.ts';
import { CHECKS } from './diagnosis/checks/index.ts';
import { dataFolder } from './diagnosis/data-folder.ts';
import { createDoctor, type Doctor } from './diagnosis/doctor.ts';
import type { Prober } from './diagnosis/probe/prober.ts';
import { watchProcess } from './diagnosis/process-facts.ts';
import type { Store } from './storage/open-store.ts';

/** What the doctor looks at. */
export interface DoctorFoundations {
  readonly settings: Settings;
  readonly dataDir: string;
  readonly store: Store;
  readonly prober: Prober;
  readonly clock: Clock;
}

/** A doctor of a whole gateway, and how its watching ends. */
export function composeDoctor({ settings, dataDir, store, prober, clock }: DoctorFoundations): {
  readonly doctor: Doctor;
  close(): void;
} {
  const process = watchProcess(clock);
  const ports = { clock, settings, rows: store.rows, prober, dataFolder: dataFolder(dataDir), process };
  return { doctor: createDoctor({ checks: CHECKS, ports, clock }), close: () => process.close() };
}
