import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { systemClock } from '@patchbay/llm/model/clock';

import { isInstalled, proveMakeable } from './config/data-dir.ts';
import type { LoadedSettings } from './config/load-settings.ts';
import type { Check } from './diagnosis/check.ts';
import { CHECKS } from './diagnosis/checks/index.ts';
import { dataFolder } from './diagnosis/data-folder.ts';
import { createDoctor, type Doctor } from './diagnosis/doctor.ts';
import type { DoctorPorts } from './diagnosis/ports.ts';
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
  const { dataDir } = loaded.settings;
  try {
    if (await isInstalled(dataDir)) return { ...(await openHere(loaded, dataDir)), prevented: [] };
    await proveMakeable(dataDir);
    // Looking must not make keys and passwords that nobody has been shown.
    return { ...(await openAside(loaded)), prevented: [] };
  } catch (error) {
    return withoutStore(loaded, error);
  }
}

type Opened = Omit<DoctorHere, 'prevented'>;

async function openHere(loaded: LoadedSettings, dataDir: string): Promise<Opened> {
  const { settings } = loaded;
  const management = { ...settings.management, healthCheckS: 0, doctor: { intervalS: 0 } };
  const opened = await openGateway({
    isTerminal: false,
    isGuest: true,
    loaded: { ...loaded, settings: { ...settings, dataDir, management } },
  });
  const close = async (): Promise<void> => {
    await opened.gateway.close();
    await opened.close();
  };
  try {
    await opened.gateway.start();
  } catch (error) {
    await close();
    throw error;
  }
  const { doctor } = opened.gateway;
  if (doctor === undefined) throw new TypeError('A gateway with its management has a doctor.');
  return { ...doctor, close };
}

/** The same in a folder that goes away at once; what is found of that is nobody's business. */
async function openAside(loaded: LoadedSettings): Promise<Opened> {
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-doctor-'));
  const giveBack = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const { examine, fix, close } = await openHere(loaded, folder);
    return {
      fix,
      examine: async (asked) => {
        const examined = await examine(asked);
        const findings = examined.findings.filter((each) => !JSON.stringify(each).includes(folder));
        return { ...examined, findings };
      },
      close: async () => {
        await close();
        await giveBack();
      },
    };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** What is looked at where the store lies, and so never in one that stands in for it. */
const OF_STORE: ReadonlySet<keyof DoctorPorts> = new Set([
  'backups',
  'dataFolder',
  'firstPassword',
  'storeLooker',
  'storePool',
]);
const isOfStore = ({ needs }: Check): boolean => needs.some((need) => OF_STORE.has(need));

/** Whatever does not stand in the store is looked at with an empty one in its place: faults seldom come alone. */
async function withoutStore(loaded: LoadedSettings, error: unknown): Promise<DoctorHere> {
  const { databaseUrl, ...settings } = loaded.settings;
  const standIn = await openAside({ ...loaded, settings }).catch(() => undefined);
  const message = error instanceof Error ? error.message : String(error);
  const process = watchProcess(systemClock);
  // A folder that the first start has yet to make has nothing to show.
  const hasFolder = !isFolderTold(error) && (await isInstalled(settings.dataDir));
  const doctor = createDoctor({
    checks: standIn === undefined ? CHECKS : CHECKS.filter(isOfStore),
    ports: {
      clock: systemClock,
      settings: loaded.settings,
      process,
      ...(hasFolder && { dataFolder: dataFolder(settings.dataDir) }),
    },
    clock: systemClock,
  });
  return {
    ...(standIn === undefined ? doctor : both(doctor, standIn)),
    prevented: [preventing(message, databaseUrl === undefined ? 'embedded' : 'PostgreSQL')],
    close: async () => {
      process.close();
      await standIn?.close();
    },
  };
}

const CODES_OF_OTHERS = new Set([
  'check-failed',
  ...CHECKS.filter((check) => !isOfStore(check)).flatMap(({ codes }) => Object.keys(codes)),
]);

/** Asks for what lies here first, then for everything else. */
const both = (here: Doctor, others: Doctor): Doctor => ({
  examine: async (asked) => {
    const [own, besides] = await Promise.all([here.examine(asked), others.examine(asked)]);
    const findings = besides.findings.filter(({ code }) => CODES_OF_OTHERS.has(code));
    return {
      findings: [...own.findings, ...findings],
      ran: own.ran + besides.ran,
      skipped: [...own.skipped, ...besides.skipped],
      tookMs: Math.max(own.tookMs, besides.tookMs),
    };
  },
  fix: async (code, subject) => (CODES_OF_OTHERS.has(code) ? others.fix(code, subject) : here.fix(code, subject)),
});

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
