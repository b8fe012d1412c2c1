import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { createSealer } from '@patchbay/llm/credentials/seal';
import type { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import { fetchExchange } from '@patchbay/llm/transport/fetch-exchange';

import { QUOTA_WINDOW_MS } from './accounts/quota-windows.ts';
import { composeGateway, type Gateway } from './compose.ts';
import { openManagement, type ManagementFoundations } from './compose-management.ts';
import { oauthFoundations } from './compose-oauth.ts';
import { openSystemWatch } from './compose-system.ts';
import { readEnvironment } from './config/environment.ts';
import { encryptionKeys, GATEWAY_KEY_FILE, keptSecret, openDataDir, PEPPER_FILE } from './config/data-dir.ts';
import { loadSettings, type LoadedSettings } from './config/load-settings.ts';
import { readSettingTexts } from './config/read-texts.ts';
import type { Settings } from './config/settings.ts';
import type { ShownSetting } from './config/show-settings.ts';
import { VERSION } from './config/version.ts';
import type { Coordination } from './coordination/coordination.ts';
import { globalTallyKey, oauthTallyKey, proxyTallyKeys } from './coordination/key-names.ts';
import { quotaTally } from './coordination/quota-tally.ts';
import { openCoordination } from './coordination/open-coordination.ts';
import { firstKey, type FirstKey } from './identity/first-key.ts';
import { KeyUses } from './identity/key-uses.ts';
import { createKeyVerifier, type VerifierParts } from './identity/key-verifier.ts';
import { mintKey, newPepper, pepperKey } from './identity/api-key.ts';
import type { Passwords } from './identity/passwords.ts';
import { listenForProfiling, type ProfilingListener, type ProfilingParts } from './diagnosis/profiling/listen.ts';
import { isFromThisMachine } from './identity/open-loopback.ts';
import { banner } from './server/banner.ts';
import { drain } from './server/drain.ts';
import { openStore, type Store } from './storage/open-store.ts';
import { spentSince } from './storage/repositories/spent-since.ts';
import { tidyStore } from './storage/tidy-store.ts';
import type { CallLog } from './storage/repositories/call-log.ts';
import type { AreaLog } from './telemetry/area-log.ts';
import type { CallSink } from './telemetry/call-record.ts';
import { fanOut } from './telemetry/fan-out.ts';
import type { Log } from './telemetry/log.ts';
import { openLog, type OpenedLog } from './telemetry/open-log.ts';
import { createMetrics, type Gauge } from './telemetry/metrics.ts';
import { createPayloadCapture, type PayloadCapture } from './telemetry/payloads/capture.ts';
import { payloadFolder, PAYLOADS_FOLDER } from './telemetry/payloads/payload-folder.ts';
import { logCall } from './telemetry/project-log.ts';
import { tallyCalls } from './telemetry/tally-calls.ts';
import { createTraceBook, type TraceBook } from './telemetry/trace-book.ts';
import { createSpanExporter, type SpanExporter } from './telemetry/tracing/span-exporter.ts';

/** Starts the gateway and runs it until a signal ends it; resolves to the exit code. */
export async function serve(): Promise<number> {
  try {
    return await run();
  } catch (error) {
    // Settings, the data folder and the port are the operator's: one sentence helps more than a stack.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function run(): Promise<number> {
  const opened = await openGateway({ isTerminal: process.stdout.isTTY });
  try {
    return await live(opened);
  } finally {
    await opened.close();
  }
}

/** How a gateway is opened. */
export interface Opening {
  readonly isTerminal: boolean;
  /** Settings to go by in the place of those of the environment. */
  readonly loaded?: LoadedSettings;
  /** True for one that is looked at and does not serve: it writes no log and takes nothing away. Default false. */
  readonly isGuest?: boolean;
}

/** A gateway with everything that it stands on, which listens nowhere yet. */
export interface OpenedGateway extends Living {
  /** Lets go of what it stands on; the gateway itself is closed before. */
  close(): Promise<void>;
}

/** Opens everything, by the settings of the environment; throws one sentence where something cannot be used. */
export async function openGateway({ isTerminal, loaded, isGuest = false }: Opening): Promise<OpenedGateway> {
  const { settings, shown } =
    loaded ?? loadSettings({ ...readSettingTexts(process.cwd(), readEnvironment()), isTerminal });
  const dataDir = await openDataDir(settings.dataDir);
  const told = openLogOf(settings, isGuest);
  const { log, areas, lines } = told;
  const sealer = await createSealer(await encryptionKeys(settings.encryptionKeys, dataDir));
  const store = await openStore({ ...settings, dataDir, sealer, clock: systemClock });
  const onError = (error: unknown): void => log.error('the store could not be used', { error });
  const coordination = await coordinate(settings, log);
  const stopTidying = isGuest ? () => undefined : tidy(settings, { store, dataDir, onError });
  const pepper = await keptSecret(dataDir, PEPPER_FILE, newPepper);
  const key = await firstKey(settings.gatewayApiKey, () => keptSecret(dataDir, GATEWAY_KEY_FILE, () => mintKey().text));
  const keys = await openKeys(store, { pepper: pepper.secret, operatorKey: key, onError });
  const management = await manage({ settings, shown, dataDir, store, coordination, pepper, keys, log });
  const traces = tracesOf(areas);
  const inFlight = { now: 0 };
  const looks = { hits: 0, misses: 0 };
  const { passwords } = management;
  const standing = { settings, dataDir, store, log, coordination, inFlight, looks, onError };
  const records = await openRecords({ ...standing, shownSettings: shown, passwords });
  const gateway = composeGateway({
    settings,
    version: VERSION,
    keys,
    responses: store.responses,
    stored: { rows: store.rows, secrets: store.secrets, feed: store.changes },
    oauth: { ...oauthFoundations(store, { dataDir, sealer, cache: coordination.cache }), onLook: noteLook(standing) },
    // Without Redis the choice of an account need not wait for anything.
    ...(settings.redisUrl !== undefined && {
      counter: coordination.counter,
      quotas: quotaTally(coordination.tally, QUOTA_WINDOW_MS),
    }),
    limits: { limiter: coordination.limiter, spentSince: spentSince(store) },
    pubsub: coordination.pubsub,
    management: { ...management, system: records.watch.ports, lines, ...(areas && { areas }) },
    traces,
    sink: records.sink,
    onEnded: (call, body) => records.watch.prompts.note(call, body),
    ...(records.capture !== undefined && { capture: records.capture }),
    inFlight,
    metrics: () => records.metrics.render(),
    onError: (error, requestId) => log.error('unexpected error', { requestId, error }),
  });
  const { administrator } = management;
  const close = async (): Promise<void> => {
    stopTidying();
    await keys.close();
    await records.close();
    await coordination.close();
    await store.close();
    await told.close();
  };
  return { gateway, settings, log, key, inFlight, administrator, close };
}

interface Managing {
  readonly settings: Settings;
  readonly shown: LoadedSettings['shown'];
  readonly dataDir: string;
  readonly store: Store;
  readonly coordination: Pick<Coordination, 'state' | 'tally'>;
  readonly pepper: { readonly secret: Secret };
  readonly keys: { refresh(): Promise<void> };
  readonly log: Log;
}

const manage = ({ settings, shown, dataDir, store, coordination, pepper, keys, log }: Managing) =>
  openManagement({
    settings: settings.management,
    dataDir,
    store,
    shownSettings: shown,
    coordination: coordination.state,
    readTally: (key) => coordination.tally.read(key),
    keyHash: pepperKey(pepper.secret),
    refreshKeys: () => keys.refresh(),
    log: (level, message) => log[level](message),
  });

const tidy = (settings: Settings, { store, dataDir, onError }: Pick<RecordParts, 'store' | 'dataDir' | 'onError'>) =>
  tidyStore({
    ...settings,
    store,
    payloads: payloadFolder(path.join(dataDir, PAYLOADS_FOLDER)),
    clock: systemClock,
    onError,
  });

/** Counts whether tokens were found where they are held. */
const noteLook =
  ({ looks, coordination }: { readonly looks: Looks; readonly coordination: Pick<Coordination, 'tally'> }) =>
  (wasHit: boolean): void => {
    looks[wasHit ? 'hits' : 'misses'] += 1;
    coordination.tally.add(oauthTallyKey(wasHit ? 'cache_hits' : 'cache_misses'));
  };

interface Looks {
  hits: number;
  misses: number;
}

/** Where lines go; those of a guest go nowhere. */
const openLogOf = ({ log, debug }: Settings, isGuest: boolean): OpenedLog =>
  openLog({
    settings: isGuest
      ? { log: { format: 'json', level: 'silent' }, debug: { isOpen: false, areas: [] } }
      : { log, debug },
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
  });

const CALLS_AREA = 'patchbay:calls';

/** Keeps traces; where calls are debugged, every call is traced and told of when it is over. */
const tracesOf = (areas: AreaLog | undefined): TraceBook =>
  createTraceBook({
    clock: systemClock,
    newId: () => randomBytes(16).toString('hex'),
    ...(areas?.wants(CALLS_AREA) === true && {
      onSettled: ({ id, requestId, steps }) => areas.tell(CALLS_AREA, 'call', { id, requestId, steps }),
    }),
  });

interface RecordParts {
  readonly settings: Settings;
  readonly dataDir: string;
  readonly store: Store;
  readonly log: Log;
  readonly coordination: Coordination;
  readonly shownSettings: readonly ShownSetting[];
  readonly passwords: Passwords;
  readonly inFlight: { readonly now: number };
  readonly looks: Watched['looks'];
  readonly onError: (error: unknown) => void;
}

/** Everything that is told of finished calls, and what watches over the system. */
async function openRecords(parts: RecordParts) {
  const { settings, dataDir, store, log, coordination, inFlight, looks, onError } = parts;
  const watch = await openSystemWatch({
    ...parts,
    settingsFolder: process.cwd(),
    authoritiesFile: readEnvironment()['NODE_EXTRA_CA_CERTS'],
    version: VERSION,
    clock: systemClock,
  });
  const onCallError = (error: unknown): void => {
    recorders.noteFailure('calls', error);
    onError(error);
  };
  const callLog = store.createCallLog({ onError: onCallError });
  const folder = path.join(dataDir, PAYLOADS_FOLDER);
  const capture = createPayloadCapture({ settings: settings.capture, folder, onError });
  const spans = openSpans(settings, log);
  const metrics = createMetrics(gauges({ inFlight, looks, callLog, log, capture, spans, lost: () => sink.lost }));
  const logSink: CallSink = { record: (call) => logCall(log, call) };
  const sinks = [callLog, metrics, logSink, talliesOf(coordination), watch.sink, capture, spans].filter(
    (each) => each !== undefined,
  );
  const sink = fanOut(sinks, (error) => log.error('a record was lost', { error }));
  const recorders = watch.watchRecorders([
    { id: 'calls', queued: () => callLog.queued, dropped: () => callLog.dropped },
    { id: 'bodies', queued: () => capture?.queued ?? 0, dropped: () => capture?.dropped ?? 0 },
    { id: 'spans', queued: () => 0, dropped: () => spans?.dropped ?? 0 },
    { id: 'lines', queued: () => 0, dropped: () => log.dropped },
    { id: 'records', queued: () => 0, dropped: () => sink.lost },
  ]);
  const close = async (): Promise<void> => {
    watch.close();
    await callLog.close().catch(onError);
    await capture?.close();
    await spans?.close();
  };
  return { sink, capture, metrics, watch, close };
}

const talliesOf = ({ tally, errors }: Pick<Coordination, 'tally' | 'errors'>): CallSink =>
  tallyCalls({
    add: (key) => tally.add(key),
    addError: (event) => errors.add(event),
    proxyKeys: proxyTallyKeys,
    retriesKey: globalTallyKey('retries'),
    switchesKey: globalTallyKey('account_switches'),
  });

const openSpans = ({ tracing }: Settings, log: Log): SpanExporter | undefined =>
  tracing &&
  createSpanExporter({
    settings: tracing,
    version: VERSION,
    exchange: fetchExchange(),
    clock: systemClock,
    newId: (bytes) => randomBytes(bytes).toString('hex'),
    onError: (error) => log.warn('calls are not traced', { error }),
  });

/** Keys as calls are checked by them; when they were used is written down now and then. */
async function openKeys(store: Store, given: Pick<VerifierParts, 'pepper' | 'operatorKey' | 'onError'>) {
  const clock = systemClock;
  const uses = new KeyUses({ ...given, write: (each) => store.rows.apiKeys.noteUsed(each), clock });
  const keys = await createKeyVerifier({ ...given, store: store.keys, clock, onUse: (id) => uses.note(id) });
  const close = (): Promise<void> => {
    keys.close();
    return uses.close();
  };
  return { ...keys, close };
}

const coordinate = (settings: Settings, log: Log): Promise<Coordination> =>
  openCoordination({
    ...settings,
    clock: systemClock,
    onError: (error) => log.warn('processes are not coordinated', { error }),
  });

interface Living {
  readonly gateway: Gateway;
  readonly settings: Settings;
  readonly log: Log;
  readonly key: FirstKey;
  readonly inFlight: { readonly now: number };
  readonly administrator: ManagementFoundations['administrator'];
}

/** Listens, says so, and drains on the first signal. */
async function live({ gateway, settings, log, key, inFlight, administrator }: Living): Promise<number> {
  const { host } = settings;
  const ended = firstSignal();
  await begin(gateway, settings).catch(async (error: unknown) => {
    // What it stands on must not go away from under it.
    await gateway.close();
    throw error;
  });
  const { server } = gateway.app;
  const providers = ['simulator', ...settings.providers.map(({ providerId }) => providerId)];
  const shown = { key: key.shown, ...(administrator !== undefined && { administrator }) };
  process.stdout.write(banner({ version: VERSION, url: urlOf(server, host), providers, ...shown }));
  if (key.weak) log.warn('GATEWAY_API_KEY has fewer than 16 characters and can be guessed');
  const profiling = await profilingOf(settings, log);
  const signal = await ended;
  log.info(`${signal}: draining`, { running: inFlight.now });
  const clean = await drain({
    server,
    clock: systemClock,
    inFlight: () => inFlight.now,
    drainMs: settings.drainMs,
    announce: () => gateway.drain(),
  });
  if (!clean) log.warn('calls were cut because they outlived DRAIN_MS', { running: inFlight.now });
  await profiling?.close();
  await gateway.close();
  return clean ? 0 : 1;
}

async function begin(gateway: Gateway, { host, port }: Settings): Promise<void> {
  await gateway.start();
  await gateway.app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw listenError(error, host, port);
  });
}

/** Profiles for this machine, where they are wanted; calls are served without them, too. */
async function profilingOf({ debug }: Settings, log: Log): Promise<ProfilingListener | undefined> {
  if (debug.profilingPort === undefined) return undefined;
  const isLocal: ProfilingParts['isLocal'] = ({ socket, headers }) =>
    isFromThisMachine(socket.remoteAddress ?? '', headers);
  try {
    const listener = await listenForProfiling({ port: debug.profilingPort, isLocal, clock: systemClock });
    log.info(`profiles are at http://localhost:${listener.port}/debug/pprof/`);
    return listener;
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Resolves at the first signal; the second ends the process at once. */
const firstSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      resolve(signal);
      process.on('SIGTERM', () => process.exit(143)).on('SIGINT', () => process.exit(130));
    };
    process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  });

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} on ${host} is taken by another program. Stop it, or set PORT to a free one.`);
  if (error.code === 'EACCES') return new Error(`Port ${port} needs more rights. Set PORT to 1024 or above.`);
  return new Error(`${host}:${port} cannot be bound (${error.code ?? error.message}). Check HOST and PORT.`);
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

interface Watched {
  readonly inFlight: { readonly now: number };
  /** Looks for the tokens of accounts in the cache. */
  readonly looks: { readonly hits: number; readonly misses: number };
  readonly callLog: CallLog;
  readonly log: Log;
  readonly capture: PayloadCapture | undefined;
  readonly spans: SpanExporter | undefined;
  readonly lost: () => number;
}

function gauges({ inFlight, looks, callLog, log, capture, spans, lost }: Watched): readonly Gauge[] {
  const lag = monitorEventLoopDelay({ resolution: 20 });
  lag.enable();
  const gauge = (name: string, help: string, readValue: () => number, type: Gauge['type'] = 'gauge'): Gauge => ({
    name,
    help,
    type,
    read: readValue,
  });
  return [
    {
      name: 'patchbay_build_info',
      help: 'The version that runs.',
      type: 'gauge',
      labels: { version: VERSION },
      read: () => 1,
    },
    // Under the name that guides and their alerts use.
    gauge('aigateway_oauth_cache_hits_total', 'Tokens found in the cache.', () => looks.hits, 'counter'),
    gauge('aigateway_oauth_cache_misses_total', 'Tokens not found there.', () => looks.misses, 'counter'),
    gauge('patchbay_in_flight', 'Calls that run now.', () => inFlight.now),
    gauge('patchbay_call_log_queue', 'Calls that wait to be written.', () => callLog.queued),
    gauge('patchbay_call_log_dropped_total', 'Calls that were not written.', () => callLog.dropped, 'counter'),
    gauge('patchbay_payload_queue', 'Calls whose bodies wait to be written.', () => capture?.queued ?? 0),
    gauge(
      'patchbay_payload_dropped_total',
      'Calls whose bodies were not kept.',
      () => capture?.dropped ?? 0,
      'counter',
    ),
    gauge('patchbay_spans_dropped_total', 'Calls that were not traced.', () => spans?.dropped ?? 0, 'counter'),
    gauge('patchbay_records_lost_total', 'Records that a log, a metric or the store did not take.', lost, 'counter'),
    gauge('patchbay_log_dropped_total', 'Log lines that were not written.', () => log.dropped, 'counter'),
    gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss()),
    gauge('nodejs_heap_used_bytes', 'Memory of objects.', () => process.memoryUsage().heapUsed),
    gauge('nodejs_array_buffers_bytes', 'Memory of bytes outside the heap.', () => process.memoryUsage().arrayBuffers),
    gauge('process_cpu_seconds_total', 'CPU time used.', () => cpuSeconds(), 'counter'),
    gauge('nodejs_eventloop_delay_p99_seconds', 'Delay of the event loop, p99 since start.', () =>
      Math.max(0, lag.percentile(99) / 1e9),
    ),
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
