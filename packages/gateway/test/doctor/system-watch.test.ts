import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { openSystemWatch, watchServed } from '../../src/compose-system.ts';
import { openCoordination } from '../../src/coordination/open-coordination.ts';
import { CHECKS } from '../../src/diagnosis/checks/index.ts';
import { latencyUnusual } from '../../src/diagnosis/checks/latency-unusual.ts';
import { logWriters } from '../../src/diagnosis/checks/log-writers.ts';
import { registryBehind } from '../../src/diagnosis/checks/registry-behind.ts';
import { releaseRuntime } from '../../src/diagnosis/checks/release-runtime.ts';
import { storeBackups } from '../../src/diagnosis/checks/store-backups.ts';
import { settingsFirstPassword } from '../../src/diagnosis/checks/settings-first-password.ts';
import { filesSettingsOpen } from '../../src/diagnosis/checks/files-settings-open.ts';
import { examine } from '../../src/diagnosis/examine.ts';
import type { DoctorPorts } from '../../src/diagnosis/ports.ts';
import { PaceBook } from '../../src/diagnosis/watch/pace-book.ts';
import { RecorderWatch } from '../../src/diagnosis/watch/recorder-watch.ts';
import { createPasswords } from '../../src/identity/passwords.ts';
import { openSqlite } from '../../src/storage/drivers/open-sqlite.ts';
import { openStore, type Store } from '../../src/storage/open-store.ts';
import { createCallLog } from '../../src/storage/repositories/call-log.ts';
import { fanOut } from '../../src/telemetry/fan-out.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { ADMIN_KEY, PASSWORD, startManagement, type ManagementGateway } from '../management/management-gateway.ts';
import { newDatabase, skipPostgres } from '../storage/engines.ts';
import { gateTo } from '../storage/gate.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { post, provider, startGateway, TEST_SETTINGS } from '../support/test-gateway.ts';

const DAY_MS = 86_400_000;
const clock = systemClock;
const sealer = await createSealer([new Secret('a key of the tests')]);
const folders: string[] = [];
const made = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  folders.push(folder);
  return folder;
};
after(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

const look = async (ports: Partial<DoctorPorts>, checks = CHECKS): Promise<readonly Finding[]> =>
  (await examine({ checks, ports: { clock, ...ports }, clock })).findings;
const codes = (findings: readonly Finding[]): readonly string[] => findings.map(({ code }) => code);

/** Small times, so that a test learns in a second what a gateway learns in minutes. */
const QUICK = { bucketMs: 150, bucketsLeast: 3, samplesLeast: 4 };

describe('paces', () => {
  it('tell of a database that has become slow, and of none that is as ever', { skip: skipPostgres }, async () => {
    const { url, drop } = await newDatabase();
    const at = new URL(url);
    const gate = await gateTo(at.hostname, Number(at.port || 5432));
    at.port = String(gate.port);
    const store = await openStore({ dataDir: '', databaseUrl: new Secret(at.href), clock });
    const paces = new PaceBook(clock, QUICK);
    const ping = async (): Promise<void> => {
      const beganMs = clock.monotonicMs();
      await store.ping();
      paces.note({ what: 'store', id: 'store' }, clock.monotonicMs() - beganMs);
    };
    for (const endMs = clock.monotonicMs() + 1200; clock.monotonicMs() < endMs; await clock.sleep(15)) await ping();
    assert.deepEqual(await look({ paces }, [latencyUnusual]), []);
    gate.delay(450);
    await Promise.all(Array.from({ length: 6 }, ping));
    const [found] = await look({ paces }, [latencyUnusual]);
    await gate.open();
    await store.close();
    await gate.close();
    await drop();
    assert.equal(found?.code, 'latency-store-slow');
    assert.match(found?.cause ?? '', /was usual in the \d+ minutes before/);
    const { recentMs, usualMs } = found?.evidence ?? {};
    assert.ok(Number(recentMs) >= 450 && Number(usualMs) < Number(recentMs) / 3);
  });

  it('tell of a proxy, by the calls that went through it', async () => {
    const paces = new PaceBook(clock, QUICK);
    const through = (firstTokenMs: number): void =>
      paces.record(sampleCall({ attempts: [sampleAttempt({ proxyId: 7, firstTokenMs })] }));
    for (const endMs = clock.monotonicMs() + 1200; clock.monotonicMs() < endMs; await clock.sleep(20)) through(300);
    assert.deepEqual(await look({ paces }, [latencyUnusual]), []);
    for (let count = 0; count < 40; count += 1) through(4000);
    const [found] = (await look({ paces }, [latencyUnusual])).filter(({ code }) => code === 'latency-proxy-slow');
    assert.deepEqual([found?.subject, found?.evidence['usualMs']], ['proxy 7', 300]);
    assert.match(found?.remedy ?? '', /\/api\/v1\/proxies\/7\/check/);
  });

  it('tell of a provider that lets people wait longer than it used to', async () => {
    let delayMs = 0;
    const server = createServer((_request, response) => {
      setTimeout(() => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(COMPLETION));
      }, delayMs);
    });
    const url = await listening(server);
    const paces = new PaceBook(clock, QUICK);
    const gateway = await startGateway([provider('openai', `${url}/v1`, 'canary-key')], {}, { sink: paces });
    const call = async (): Promise<void> => {
      const body = { model: 'openai/gpt-5-mini', messages: [{ role: 'user', content: 'canary words' }] };
      const answer = await post(gateway, '/v1/chat/completions', body);
      assert.equal(answer.status, 200, await answer.text());
    };
    for (const endMs = clock.monotonicMs() + 1200; clock.monotonicMs() < endMs; await clock.sleep(20)) await call();
    assert.deepEqual(await look({ paces }, [latencyUnusual]), []);
    delayMs = 1900;
    await Promise.all(Array.from({ length: 6 }, call));
    const findings = await look({ paces }, [latencyUnusual]);
    await gateway.close();
    await closed(server);
    assert.deepEqual(
      findings.map(({ code, subject, severity }) => [code, subject, severity]),
      [['latency-provider-slow', 'provider openai', 'warning']],
    );
    assert.match(findings[0]?.remedy ?? '', /MODEL_ALIASES/);
    assert.doesNotMatch(JSON.stringify(findings), /canary/);
  });
});

const COMPLETION = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

describe('the log of calls', () => {
  it('is found behind while the store is held, with why, then to lose calls, and well when it is let go', async () => {
    const folder = await made();
    await (await openStore({ dataDir: folder, clock })).close();
    const file = openSqlite(folder, 30);
    const log = createCallLog({
      write: file.writeCalls,
      clock,
      queueMax: 3,
      flushMs: 60_000,
      onError: () => undefined,
    });
    const watch = new RecorderWatch(clock, [{ id: 'calls', queued: () => log.queued, dropped: () => log.dropped }]);
    const found = () => look({ recorders: watch }, [logWriters]);
    const flush = () => log.flush().catch((error: unknown) => watch.noteFailure('calls', error));
    log.record(sampleCall());
    await flush();
    assert.deepEqual(await found(), []);
    const holder = new DatabaseSync(path.join(folder, 'patchbay.db'));
    holder.exec('begin immediate');
    log.record(sampleCall());
    await flush();
    const [behind] = await found();
    assert.deepEqual([behind?.code, behind?.severity], ['log-writer-behind', 'warning']);
    assert.match(behind?.cause ?? '', /1 calls wait to be written, because the last write failed: .*locked/);
    for (let count = 0; count < 5; count += 1) log.record(sampleCall());
    const [dropped] = await found();
    assert.deepEqual([dropped?.code, dropped?.evidence['dropped']], ['log-calls-dropped', 3]);
    holder.exec('rollback');
    holder.close();
    await log.close();
    assert.equal(log.queued, 0);
    assert.ok(!codes(await found()).includes('log-writer-behind'));
    await file.close();
  });
});

describe('lines and records', () => {
  it('are found lost where nobody takes them', async () => {
    const log = createLog({ level: 'info', format: 'json', write: () => false, clock });
    const sink = fanOut([{ record: () => assert.fail('a sink that is broken') }], () => undefined);
    const watch = new RecorderWatch(clock, [
      { id: 'lines', queued: () => 0, dropped: () => log.dropped },
      { id: 'records', queued: () => 0, dropped: () => sink.lost },
    ]);
    assert.deepEqual(await look({ recorders: watch }, [logWriters]), []);
    for (let count = 0; log.dropped === 0; count += 1) log.info('a line', { count, text: 'x'.repeat(100_000) });
    sink.record(sampleCall());
    log.close();
    assert.deepEqual(codes(await look({ recorders: watch }, [logWriters])), ['log-records-lost', 'log-lines-dropped']);
  });
});

describe('a gateway that is watched', () => {
  let folder: string;
  let store: Store;
  let management: ManagementGateway;
  before(async () => {
    folder = await made();
    store = await openStore({ dataDir: folder, clock, sealer });
    management = await startManagement(store);
  });
  after(async () => {
    await management.close();
    await store.close();
  });
  const watched = async (dataDir: string) => {
    const coordination = await openCoordination({ clock, onError: () => undefined });
    const watch = await openSystemWatch({
      settings: { ...TEST_SETTINGS, dataDir },
      dataDir,
      settingsFolder: dataDir,
      shownSettings: [],
      version: 'test',
      store,
      coordination,
      passwords: createPasswords({ memoryKiB: 64, passes: 1 }),
      clock,
      onError: () => undefined,
    });
    const close = async (): Promise<void> => {
      watch.close();
      await coordination.close();
    };
    return { ports: { ...watch.ports, settings: { ...TEST_SETTINGS, dataDir } }, close };
  };

  it('has nothing wrong with it', async () => {
    const { ports, close } = await watched(folder);
    const { findings, ran } = await examine({ checks: CHECKS, ports: { clock, ...ports }, clock });
    await close();
    assert.deepEqual(findings, []);
    assert.ok(ran >= 14, `only ${ran} checks ran`);
  });

  it('is found without a backup when it is old enough to lose something, and well with one', async () => {
    const { ports, close } = await watched(management.dataDir);
    assert.deepEqual(await look(ports, [storeBackups]), []);
    const hand = new DatabaseSync(path.join(folder, 'patchbay.db'), { timeout: 2000 });
    hand.prepare('update users set created_at = ?').run(new Date(Date.now() - 20 * DAY_MS).toISOString());
    hand.close();
    const [found] = await look(ports, [storeBackups]);
    assert.deepEqual([found?.code, found?.evidence['storeDays']], ['store-backup-missing', 20]);
    const [, method, url] = /-X (\w+) .*\$PATCHBAY_URL([^"]+)"/.exec(found?.remedy ?? '') ?? [];
    const made = await management.ask(`${method} ${url}`, { token: ADMIN_KEY });
    assert.ok(made.status < 300, made.text);
    assert.deepEqual(await look(ports, [storeBackups]), []);
    const later = { ...clock, nowMs: () => clock.nowMs() + 40 * DAY_MS };
    const [old] = await look({ ...ports, clock: later }, [storeBackups]);
    assert.deepEqual([old?.code, old?.severity], ['store-backup-old', 'info']);
    await close();
  });

  it('is found to have the password of its first start, graver where others reach it', async () => {
    const { ports, close } = await watched(management.dataDir);
    const checks = [settingsFirstPassword];
    assert.deepEqual(await look(ports, checks), []);
    await writeFile(path.join(management.dataDir, 'admin-password'), `${PASSWORD}\n`, { mode: 0o600 });
    const [here] = await look(ports, checks);
    const [open] = await look({ ...ports, settings: { ...TEST_SETTINGS, host: '0.0.0.0' } }, checks);
    assert.deepEqual([here?.severity, open?.severity], ['info', 'warning']);
    assert.doesNotMatch(JSON.stringify([here, open]), /canary/);
    await writeFile(path.join(management.dataDir, 'admin-password'), 'another\n');
    const again = await watched(management.dataDir);
    assert.deepEqual(await look(again.ports, checks), []);
    await again.close();
    await close();
  });

  it('is found to have settings with secrets that others can read, and shuts them on demand', async () => {
    const { ports, close } = await watched(management.dataDir);
    const file = path.join(management.dataDir, '.env');
    await chmod(management.dataDir, 0o755);
    await writeFile(file, 'PORT=8000\nOPENAI_API_KEY=\n');
    await chmod(file, 0o644);
    assert.deepEqual(await look(ports, [filesSettingsOpen]), []);
    await writeFile(file, 'OPENAI_API_KEY=canary-of-a-file\n');
    const [found] = await look(ports, [filesSettingsOpen]);
    assert.deepEqual([found?.code, found?.remedy], ['files-settings-open', `chmod 0600 ${file}`]);
    assert.doesNotMatch(JSON.stringify(found), /canary/);
    assert.match((await filesSettingsOpen.fix(ports, found as Finding)) ?? '', /Undo: chmod 0644/);
    assert.deepEqual(await look(ports, [filesSettingsOpen]), []);
    await close();
  });

  it('is found to serve old rows when it does not hear of changes, and reads them on demand', async () => {
    const { registry } = management.gateway.gateway;
    const served = watchServed({ registry, store, network: NOWHERE, wheel: NO_WHEEL, clock });
    const { registryWatch } = served.ports;
    const behind = () => look({ registryWatch }, [registryBehind]);
    await behind();
    await addProvider(store, 'heard');
    while (!registry.current().runtimes.has('heard')) await clock.sleep(20);
    assert.deepEqual(await behind(), []);
    registry.close();
    // A reading that was under way ends before the change.
    await registry.refresh();
    await clock.sleep(5);
    assert.deepEqual(await behind(), []);
    await addProvider(store, 'unheard');
    await behind();
    await clock.sleep(3100);
    const [found] = await behind();
    assert.deepEqual([found?.code, found?.evidence['tables']], ['registry-behind', 'providers']);
    assert.match(found?.remedy ?? '', /refresh-registry/);
    await registryBehind.fix({ registryWatch }, found as Finding);
    assert.ok(registry.current().runtimes.has('unheard'));
    assert.deepEqual(await behind(), []);
    served.close();
  });
});

// What asks nobody's clock dials nobody.
const NOWHERE = { dispatch: () => assert.fail('nothing is dialled') };
const NO_WHEEL = undefined as never;

async function addProvider(store: Store, identifier: string): Promise<void> {
  const nowMs = clock.nowMs();
  const inserted = await store.rows.providers.insert({
    id: randomUUID(),
    identifier,
    name: identifier,
    apiEndpoint: 'https://api.example.com/v1',
    authMethod: 'api_key',
    authConfig: { type: 'api_key', fields: { apiKey: 'a-key-of-a-test' } },
    capabilities: {},
    isSystem: false,
    status: 'active',
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  } as never);
  assert.equal(inserted.kind, 'inserted');
}

describe('a process', () => {
  /** What is found after a program of its own has held more and more memory, or made as much and let it go. */
  const examined = (step: string): readonly string[] => {
    const program = `
      import { MemoryTrend } from './src/diagnosis/watch/memory-trend.ts';
      import { systemMemoryGrows } from './src/diagnosis/checks/system-memory-grows.ts';
      import { examine } from './src/diagnosis/examine.ts';
      import { systemClock } from '@patchbay/llm/model/clock';
      const rules = { windowMs: 60, windows: 6, leastBytes: 20 * 1024 * 1024 };
      let turn = 0;
      const memoryTrend = new MemoryTrend({ monotonicMs: () => turn * 10 }, () => process.memoryUsage().heapUsed, rules);
      const kept = [];
      for (; turn < 42; turn += 1) {
        ${step}
        globalThis.gc();
        memoryTrend.look();
      }
      const { findings } = await examine({ checks: [systemMemoryGrows], ports: { memoryTrend }, clock: systemClock });
      console.log(JSON.stringify(findings.map(({ code }) => code)));`;
    const options = ['--expose-gc', '--conditions=patchbay-src', '--input-type=module-typescript', '-e', program];
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    return JSON.parse(execFileSync(process.execPath, options, { cwd }).toString()) as readonly string[];
  };

  it('is found to hold more and more memory', () => {
    assert.deepEqual(examined('kept.push(Array.from({ length: 40_000 }, (_, at) => ({ at })));'), ['memory-grows']);
  });

  it('is well while it lets go of what it makes', () => {
    assert.deepEqual(examined('kept[0] = Array.from({ length: 40_000 }, (_, at) => ({ at }));'), []);
  });

  it('is found to run on an old Node.js', async () => {
    const findings = async (runtimeVersion: string) => codes(await look({ runtimeVersion }, [releaseRuntime]));
    assert.deepEqual(await findings('24.14.9'), ['release-runtime-old']);
    assert.deepEqual(await findings('24.15.0'), []);
    assert.deepEqual(await findings(process.versions.node), []);
  });
});
