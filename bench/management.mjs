import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import { PROVIDERS as RECORDS } from '@patchbay/llm/providers/registry';

import { Registry } from '../packages/gateway/src/registry/registry.ts';
import { openStore } from '../packages/gateway/src/storage/open-store.ts';
import { watchLoop } from './loop-gaps.mjs';
import { fillStore, PROVIDERS } from './management-rows.mjs';

/**
 * Measures the management with 10,000 providers and 50,000 models: pages of lists over HTTP, and what a change costs the
 * registry and the event loop. `node --conditions=patchbay-src bench/management.mjs [postgres URL of an empty database]`.
 */
const RUN = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url));
const ROUNDS = 200;
const CHANGES = 20;
const KEY = 'canary-encryption-key-of-the-bench';
const PASSWORD = 'canary-password-of-the-bench';
const PORT = '18431';

const [databaseUrl] = process.argv.slice(2);
const dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-bench-'));
const report = (name, figures) => process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`);
const rounded = (value) => Math.round(value * 10) / 10;

async function measureRegistry() {
  const sealer = await createSealer([new Secret(KEY)]);
  const secretUrl = databaseUrl === undefined ? {} : { databaseUrl: new Secret(databaseUrl) };
  const store = await openStore({ dataDir, sealer, clock: systemClock, ...secretUrl });
  const filled = await fillStore(store);
  const registry = new Registry({
    settled: new Map(),
    records: Object.values(RECORDS),
    stored: { rows: store.rows, secrets: store.secrets, feed: store.changes },
    upstream: {},
    clock: systemClock,
    onError: (error) => report('error', String(error)),
  });
  const loop = watchLoop();
  const refresh = async () => {
    loop.take();
    const beganMs = performance.now();
    await registry.refresh();
    return { ms: performance.now() - beganMs, ...loop.take() };
  };
  await systemClock.sleep(300);
  report('idle loop', worst([loop.take()]));
  report('first reading', worst([await refresh()]));
  report('right behind it', worst([await refresh()]));
  await systemClock.sleep(11_000);
  const measure = async (name, change) => {
    const found = [];
    for (let number = 0; number < CHANGES; number += 1) {
      await change(number);
      found.push(await refresh());
    }
    report(name, worst(found));
  };
  const { providers, models } = store.rows;
  await measure('nothing changed', () => undefined);
  await measure('one provider changed', (number) =>
    providers.update(filled.providers[number * 100].id, {
      authConfig: { type: 'api_key', fields: { apiKey: new Secret(`canary-${number}`) } },
    }),
  );
  await measure('one model changed', (number) =>
    models.update(filled.models[number * 100].id, { name: `New ${number}` }),
  );
  await measure('one model removed', (number) => models.remove(filled.models[number * 100 + 1].id));
  loop.stop();
  await store.close();
  return filled;
}

const worst = (found) => ({
  medianMs: rounded(
    percentile(
      found.map(({ ms = 0 }) => ms),
      0.5,
    ),
  ),
  worstMs: rounded(Math.max(...found.map(({ ms = 0 }) => ms))),
  gapCpuMs: rounded(Math.max(...found.map(({ cpuMs }) => cpuMs))),
  gapWallMedianMs: rounded(
    percentile(
      found.map(({ wallMs }) => wallMs),
      0.5,
    ),
  ),
});

function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

async function measureLists({ providers }) {
  const environment = {
    PATH: process.env['PATH'],
    DATA_DIR: dataDir,
    PORT,
    ENCRYPTION_KEY: KEY,
    ADMIN_PASSWORD: PASSWORD,
    RATE_LIMIT_ENABLED: 'false',
    PROVIDER_HEALTH_CHECK_INTERVAL: '0',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  };
  const child = spawn(process.execPath, ['--conditions=patchbay-src', RUN, 'start'], {
    cwd: dataDir,
    env: environment,
  });
  child.stderr.on('data', (data) => process.stderr.write(data));
  const url = `http://127.0.0.1:${PORT}`;
  try {
    while ((await fetch(`${url}/health`).catch(() => undefined))?.ok !== true) await systemClock.sleep(100);
    const token = await signIn(url);
    const ask = async (route) => {
      const beganMs = performance.now();
      const answer = await fetch(url + route, { headers: { authorization: `Bearer ${token}` } });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`${route}: ${answer.status}`);
      return performance.now() - beganMs;
    };
    for (const [name, route] of Object.entries(LISTS)) {
      const times = [];
      for (let number = 0; number < ROUNDS; number += 1) times.push(await ask(route(number, providers)));
      report(name, { p50: rounded(percentile(times, 0.5)), p95: rounded(percentile(times, 0.95)) });
    }
  } finally {
    child.kill();
  }
}

async function signIn(url) {
  const answer = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: PASSWORD }),
  });
  return (await answer.json()).token;
}

const PAGES = PROVIDERS / 20;
const LISTS = {
  'first page of providers': () => '/api/admin/providers?limit=20',
  'any page of providers': (number) => `/api/admin/providers?limit=20&page=${1 + ((number * 37) % PAGES)}`,
  'any page by time, with models': (number) =>
    `/api/admin/providers?sortBy=updatedAt&sortOrder=desc&includeModels=true&page=${1 + ((number * 37) % PAGES)}`,
  'search for a provider': (number) => `/api/admin/providers?search=provider-${String(number * 40).padStart(5, '0')}`,
  'any page of models': (number) => `/api/admin/models?limit=20&page=${1 + ((number * 137) % (PAGES * 5))}`,
};

await measureLists(await measureRegistry());
await rm(dataDir, { recursive: true });
