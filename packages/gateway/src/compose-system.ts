import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import type { Clock } from '@patchbay/llm/model/clock';

import { PICTURES, type AskStorage } from './blobs/blob-store.ts';
import { openBlobs } from './blobs/open-blobs.ts';
import { ADMIN_PASSWORD_FILE } from './config/data-dir.ts';
import type { Settings } from './config/settings.ts';
import type { ShownSetting } from './config/show-settings.ts';
import type { Coordination } from './coordination/coordination.ts';
import type { SystemPorts } from './diagnosis/system-ports.ts';
import { extraAuthorities } from './diagnosis/watch/extra-authorities.ts';
import { clockByDate, type DateSource } from './diagnosis/watch/clock-sources.ts';
import { FidelityBook } from './diagnosis/watch/fidelity-book.ts';
import { MemoryTrend } from './diagnosis/watch/memory-trend.ts';
import { PaceBook } from './diagnosis/watch/pace-book.ts';
import { PromptBook } from './diagnosis/watch/prompt-book.ts';
import { RecorderWatch, type Recorder } from './diagnosis/watch/recorder-watch.ts';
import { watchRegistry } from './diagnosis/watch/registry-watch.ts';
import { ReplicaBook } from './diagnosis/watch/replica-book.ts';
import { settingsFiles } from './diagnosis/watch/settings-files.ts';
import type { Passwords } from './identity/passwords.ts';
import { BackupFolder } from './operations/transfer/backup-folder.ts';
import type { Registry } from './registry/registry.ts';
import type { DeadlineWheel } from './relay/deadline-wheel.ts';
import { fetchWhole } from './relay/fetch-whole.ts';
import type { Upstream } from './relay/upstream.ts';
import { createStoreLooker } from './storage/look-at-store.ts';
import type { Store } from './storage/open-store.ts';
import type { CallSink } from './telemetry/call-record.ts';
import { fanOut } from './telemetry/fan-out.ts';

/** How often what changes over time is looked at, in milliseconds. */
const LOOK_MS = 5000;

/** What a watch over the system stands on. */
export interface SystemFoundations {
  readonly settings: Settings;
  readonly dataDir: string;
  /** The folder that files of settings are read from. */
  readonly settingsFolder: string;
  readonly shownSettings: readonly ShownSetting[];
  /** The file that `NODE_EXTRA_CA_CERTS` names. */
  readonly authoritiesFile?: string | undefined;
  readonly version: string;
  readonly store: Store;
  readonly coordination: Coordination;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Watches over the system for the doctor, from the start of the process. */
export interface SystemWatch {
  readonly ports: Partial<SystemPorts>;
  /** Hears of every call that ends. */
  readonly sink: CallSink;
  readonly prompts: PromptBook;
  /** Watches over what writes down; resolves what failed writes are told to. */
  watchRecorders(recorders: readonly Recorder[]): RecorderWatch;
  close(): void;
}

/** Begins to watch. */
export async function openSystemWatch(given: SystemFoundations): Promise<SystemWatch> {
  const { settings, dataDir, store, coordination, clock, onError } = given;
  const paces = new PaceBook(clock);
  const fidelity = new FidelityBook(clock);
  const prompts = new PromptBook(clock);
  const memoryTrend = new MemoryTrend(clock, () => process.memoryUsage().heapUsed);
  const replicas = new ReplicaBook({ self: selfOf(given), pubsub: coordination.pubsub, clock });
  let recorders = new RecorderWatch(clock, []);
  const stop = clock.every(LOOK_MS, () => {
    memoryTrend.look();
    recorders.look();
    void timeStores(given, paces);
  });
  const { facts, stuckLocks: locks } = coordination;
  const ports: Partial<SystemPorts> = {
    storeLooker: await createStoreLooker({ ...settings, dataDir, clock }),
    ...(store.pool && { storePool: store.pool }),
    ...(facts && locks && { redis: { state: coordination.state, facts, locks } }),
    paces,
    fidelity,
    prompts,
    memoryTrend,
    replicas,
    recorders: { states: () => recorders.states() },
    settingsFiles: settingsFiles(given.settingsFolder),
    ...(given.authoritiesFile && { authorities: extraAuthorities(given.authoritiesFile, () => clock.nowMs()) }),
    // A database server is backed up by whoever runs it, and not from here.
    ...(settings.databaseUrl === undefined && { backups: backupsOf(given) }),
    runtimeVersion: process.versions.node,
    firstPassword: firstPasswordOf(given),
  };
  return {
    ports,
    sink: fanOut([paces, fidelity], onError),
    prompts,
    watchRecorders: (watched) => (recorders = new RecorderWatch(clock, watched)),
    close: () => {
      stop();
      replicas.close();
    },
  };
}

/** A store that does not answer is told of by its own check. */
async function timeStores({ store, coordination, clock }: SystemFoundations, paces: PaceBook): Promise<void> {
  const beganMs = clock.monotonicMs();
  await store.ping().then(
    () => paces.note({ what: 'store', id: 'store' }, clock.monotonicMs() - beganMs),
    () => undefined,
  );
  const facts = await coordination.facts?.();
  if (facts !== undefined) paces.note({ what: 'redis', id: 'redis' }, facts.tookMs);
}

/** Settings that may be another for each process. */
const OWN_SETTINGS = new Set(['HOST', 'PORT', 'DATA_DIR', 'WORKERS']);

function selfOf({ shownSettings, version }: SystemFoundations): ReplicaBook['self'] {
  const shared = shownSettings.filter(({ name }) => !OWN_SETTINGS.has(name)).map(({ name, value }) => [name, value]);
  const settings = createHash('sha256').update(JSON.stringify(shared)).digest('base64url').slice(0, 16);
  return { id: randomUUID(), version, settings };
}

function backupsOf({ dataDir, store }: SystemFoundations): NonNullable<SystemPorts['backups']> {
  const folder = new BackupFolder(path.join(dataDir, 'backups'));
  return {
    newestMs: async () => {
      const [newest] = await folder.list();
      return newest && Date.parse(newest.createdAt);
    },
    // The first user is made with the store.
    storeSinceMs: async () => (await store.rows.users.page({ limit: 1, sortBy: 'createdAtMs' })).items[0]?.createdAtMs,
  };
}

/** A hash is compared once: that takes as long as signing in. */
function firstPasswordOf({ dataDir, store, passwords, settings }: SystemFoundations): () => Promise<boolean> {
  let known: { readonly hash: string; readonly isFirst: boolean } | undefined;
  return async () => {
    const kept = await readFile(path.join(dataDir, ADMIN_PASSWORD_FILE), 'utf8').catch(() => undefined);
    const user = await store.rows.users.findByLogin(settings.management.administrator.username);
    if (kept === undefined || user === undefined) return false;
    const { passwordHash: hash } = user;
    if (known?.hash !== hash) known = { hash, isFirst: await passwords.matches(kept.trim(), hash) };
    return known.isFirst;
  };
}

/** What a watch over what is served stands on. */
export interface ServedFoundations {
  readonly registry: Registry;
  readonly store: Store;
  readonly network: Upstream;
  readonly wheel: DeadlineWheel;
  readonly system?: Partial<SystemPorts>;
  /** Where pictures are kept, and the folder of data. */
  readonly everySetting?: Settings;
  readonly dataDir?: string;
  readonly clock: Clock;
}

/** Watches over what is served, and asks others' clocks. */
export function watchServed(given: ServedFoundations): {
  readonly ports: Pick<SystemPorts, 'registryWatch' | 'dates'> & Partial<SystemPorts>;
  close(): void;
} {
  const { registry, store, clock } = given;
  const registryWatch = watchRegistry(registry, store.changes, clock);
  // A store that does not answer is told of by its own check.
  const close = clock.every(LOOK_MS, () => void registryWatch.behind().catch(() => undefined));
  const pictures = picturesOf(given);
  return { ports: { registryWatch, dates: () => datesOf(given), ...(pictures && { pictures }) }, close };
}

/** What is put to try: the smallest GIF. */
const PICTURE = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');
const PICTURE_SETTINGS = { local: 'STATIC_DIR', supabase: 'SUPABASE_URL', s3: 'S3_ENDPOINT' } as const;

function picturesOf(given: ServedFoundations): SystemPorts['pictures'] | undefined {
  const { network, wheel, clock, dataDir = '' } = given;
  const settings = given.everySetting?.generation.blobs;
  // The folder within the data folder is made with the first picture, and looked at with the others there.
  if (settings === undefined || (settings.kind === 'local' && settings.folder === undefined)) return undefined;
  const ask: AskStorage = (request) => fetchWhole(network, request, wheel, ASK_MS);
  const blobs = openBlobs({ settings, dataDir, clock, ask }, PICTURES);
  return {
    kind: settings.kind,
    setting: PICTURE_SETTINGS[settings.kind],
    refusal: async () => {
      const name = `patchbay-doctor-${randomUUID()}.gif`;
      const put = await blobs.put(name, PICTURE);
      if (!put.ok) return put.failure.message;
      const taken = await blobs.delete(name);
      return taken.ok ? undefined : taken.failure.message;
    },
  };
}

const ASKED_MOST = 4;
const ASK_MS = 4000;

async function datesOf(given: ServedFoundations): Promise<readonly DateSource[]> {
  const asked = [...given.registry.current().runtimes.values()]
    // What goes through a proxy must not be dialled from here.
    .filter(
      ({ record, pool }) => record.id !== 'simulator' && pool.seats.every(({ facts }) => facts.proxyId === undefined),
    )
    .slice(0, ASKED_MOST)
    .map(({ record, baseUrl }) => dateOf(given, `provider ${record.id}`, baseUrl));
  return (await Promise.all([...asked, storeDate(given)])).flatMap((each) => each ?? []);
}

/** Asks for nothing in particular and shows no credential: any answer has its date. */
async function dateOf(
  { network, wheel, clock }: ServedFoundations,
  name: string,
  baseUrl: string,
): Promise<DateSource | undefined> {
  const sentMs = clock.nowMs();
  const answer = await fetchWhole(network, { method: 'GET', url: baseUrl, headers: {} }, wheel, ASK_MS);
  const date = answer.ok ? answer.value.headers['date'] : undefined;
  return typeof date === 'string' ? clockByDate(name, date, { sentMs, receivedMs: clock.nowMs() }) : undefined;
}

async function storeDate({ system }: ServedFoundations): Promise<DateSource | undefined> {
  const look = await system?.storeLooker?.look();
  if (look?.kind !== 'there' || look.aheadMs === undefined) return undefined;
  return { name: 'the database', aheadMs: look.aheadMs, giveOrTakeMs: 100 };
}
