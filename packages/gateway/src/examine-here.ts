import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { systemClock } from '@patchbay/llm/model/clock';

import { isInstalled } from './config/data-dir.ts';
import type { LoadedSettings } from './config/load-settings.ts';
import { CHECKS } from './diagnosis/checks/index.ts';
import { dataFolder } from './diagnosis/data-folder.ts';
import { createDoctor, type Doctor } from './diagnosis/doctor.ts';
import { watchProcess } from './diagnosis/process-facts.ts';
import { openGateway } from './main.ts';

/** A doctor of a gateway that does not run. */
export interface DoctorHere extends Doctor {
  /** What keeps the gateway from starting. */
  readonly prevented: readonly Finding[];
  close(): Promise<void>;
}

/**
 * Puts the gateway together as its settings say, without listening, so that it can be looked at. Where it cannot be, the
 * reason is found, and what can be looked at besides.
 */
export async function examineHere(loaded: LoadedSettings): Promise<DoctorHere> {
  const { settings } = loaded;
  // Looking must not make keys and passwords that nobody has been shown.
  const isFresh = !(await isInstalled(settings.dataDir));
  const borrowed = isFresh ? await mkdtemp(path.join(tmpdir(), 'patchbay-doctor-')) : undefined;
  const giveBack = async (): Promise<void> => {
    if (borrowed !== undefined) await rm(borrowed, { recursive: true, force: true });
  };
  const management = { ...settings.management, healthCheckS: 0, doctor: { intervalS: 0 } };
  const dataDir = borrowed ?? settings.dataDir;
  try {
    const opened = await openGateway({
      isTerminal: false,
      isGuest: true,
      loaded: { ...loaded, settings: { ...settings, dataDir, management } },
    });
    const close = async (): Promise<void> => {
      await opened.gateway.close();
      await opened.close();
      await giveBack();
    };
    try {
      await opened.gateway.start();
    } catch (error) {
      await close();
      throw error;
    }
    const { doctor } = opened.gateway;
    if (doctor === undefined) throw new TypeError('A gateway with its management has a doctor.');
    return { ...(borrowed === undefined ? doctor : withoutFolder(doctor, borrowed)), prevented: [], close };
  } catch (error) {
    await giveBack();
    return withoutStore(loaded, error);
  }
}

/** What is found of a folder that goes away at once is nobody's business. */
const withoutFolder = (doctor: Doctor, folder: string): Doctor => ({
  ...doctor,
  examine: async (asked) => {
    const examined = await doctor.examine(asked);
    const findings = examined.findings.filter((each) => !JSON.stringify(each).includes(folder));
    return { ...examined, findings };
  },
});

function withoutStore({ settings }: LoadedSettings, error: unknown): DoctorHere {
  const process = watchProcess(systemClock);
  const folder = isFolderTold(error) ? {} : { dataFolder: dataFolder(settings.dataDir) };
  const ports = { clock: systemClock, settings, process, ...folder };
  const message = error instanceof Error ? error.message : String(error);
  return {
    ...createDoctor({ checks: CHECKS, ports, clock: systemClock }),
    prevented: [preventing(message, settings.databaseUrl === undefined ? 'embedded' : 'PostgreSQL')],
    close: () => Promise.resolve(process.close()),
  };
}

const isFolderTold = (error: unknown): boolean => error instanceof Error && error.message.startsWith('DATA_DIR');

/** What keeps a gateway from starting, in the words that its start would say. */
function preventing(message: string, store: string): Finding {
  const isFolder = message.startsWith('DATA_DIR');
  const isStore = message.includes('cannot be opened');
  const [code, title] = isFolder
    ? ['start-folder-unusable', 'The data folder cannot be used']
    : isStore
      ? ['start-store-unusable', 'The store cannot be opened']
      : ['start-fails', 'The gateway cannot start'];
  const [cause = message, ...advice] = message.split(/(?<=\.) /);
  return {
    code,
    severity: 'error',
    subject: 'gateway',
    title,
    cause,
    remedy: advice.join(' ') || 'Mend what the sentence names, and run `patchbay doctor` again.',
    evidence: { store },
    fixable: false,
  };
}
