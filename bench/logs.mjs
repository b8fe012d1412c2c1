import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Secret } from '@patchbay/llm/credentials/secret';
import { createSealer } from '@patchbay/llm/credentials/seal';
import { systemClock } from '@patchbay/llm/model/clock';

import { openStore } from '../packages/gateway/src/storage/open-store.ts';
import { seedLogs } from './log-rows.mjs';

/** The log of calls at five million rows: pages, sums, writing and retention on the embedded store. */

const COUNT = Number(process.env.ROWS ?? 5_000_000);
const DAY_MS = 86_400_000;
const dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-logs-'));
const sealer = await createSealer([new Secret('a key of the benchmark')]);
const open = () => openStore({ dataDir, clock: systemClock, sealer });
const say = (line) => process.stdout.write(`${line}\n`);

const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Median and worst of several runs. */
async function measure(name, work, runs = 7) {
  const took = [];
  let rows = 0;
  for (let run = 0; run < runs; run += 1) {
    const before = performance.now();
    rows = (await work())?.length ?? 0;
    took.push(performance.now() - before);
  }
  const sorted = took.toSorted((a, b) => a - b);
  say(`| ${name} | ${rows} | ${ms(took[0])} | ${ms(at(sorted, 0.5))} | ${ms(sorted.at(-1))} |`);
}

/** Records calls as requests do, a thousand a second, until `work` is done; tells what recording cost and how long rows waited. */
async function whileRecording(store, name, work) {
  const log = store.createCallLog({ onError: (error) => say(String(error)) });
  const pushes = [];
  let most = 0;
  let last = performance.now();
  let gap = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    gap = Math.max(gap, now - last - 10);
    last = now;
    for (let call = 0; call < 10; call += 1) {
      const before = performance.now();
      log.record(recordOf());
      pushes.push(performance.now() - before);
    }
    most = Math.max(most, log.queued);
  }, 10);
  const before = performance.now();
  await work();
  const took = performance.now() - before;
  clearInterval(timer);
  await log.close();
  const sorted = pushes.toSorted((a, b) => a - b);
  const cells = [name, ms(took), String(pushes.length), `${(at(sorted, 0.99) * 1000).toFixed(0)} µs`];
  say(`| ${[...cells, ms(sorted.at(-1) ?? 0), ms(gap), String(most), String(log.dropped)].join(' | ')} |`);
}

const NO_USAGE = { inputTokens: 40, outputTokens: 9, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
const recordOf = () => {
  const now = Date.now();
  const attempt = {
    number: 1,
    providerId: 'provider-1',
    accountId: 'account-1',
    model: 'gpt-5',
    startedAtMs: now,
    latencyMs: 5,
    state: 'success',
    status: 200,
    usage: { ...NO_USAGE, reasoningTokens: 0, estimated: false },
  };
  return {
    requestId: crypto.randomUUID(),
    startedAtMs: now,
    registryVersion: 1,
    clientFormat: 'openai-chat',
    route: '/v1/chat/completions',
    requestedModel: 'openai/gpt-5',
    stream: false,
    express: true,
    status: 200,
    state: 'success',
    durationMs: 5,
    attempts: [attempt],
    losses: [],
  };
};

try {
  await (await open()).close();
  const endMs = Math.floor(Date.now() / 60_000) * 60_000;
  let before = performance.now();
  seedLogs(dataDir, COUNT, endMs);
  const { size } = await stat(path.join(dataDir, 'patchbay.db'));
  say(`Seeded ${COUNT} rows in ${((performance.now() - before) / 1000).toFixed(0)} s, ${(size / 1e9).toFixed(2)} GB.`);
  before = performance.now();
  const store = await open();
  say(`Opened in ${ms(performance.now() - before)}.\n`);
  const { calls, usage, retention } = store;
  const page = (query) => () => calls.page({ limit: 100, ...query });
  const [{ requestId }] = await calls.page({ limit: 1, beforeId: Math.floor(COUNT / 3) });
  say('| Read | rows | first | median | worst |\n|---|---|---|---|---|');
  await measure('newest page', page({}));
  await measure('page in the middle, by cursor', page({ beforeId: Math.floor(COUNT / 2) }));
  await measure('page of an account', page({ accountId: 'account-7' }));
  await measure('page of a provider', page({ providerId: 'provider-2' }));
  await measure('page of a model', page({ model: 'gemini-3-pro' }));
  await measure('page of a key', page({ keyIds: ['key-3'] }));
  await measure('page of three keys', page({ keyIds: ['key-3', 'key-4', 'key-5'] }));
  await measure('one request id', page({ requestId }));
  await measure('a model that nobody called', page({ model: 'none' }));
  await measure('failures of the last day', page({ failedOnly: true, fromMs: endMs - DAY_MS }));
  await measure(
    'failures of an hour three weeks ago',
    page({ failedOnly: true, fromMs: endMs - 21 * DAY_MS, toMs: endMs - 21 * DAY_MS + 3_600_000 }),
  );
  await measure(
    'an hour three weeks ago',
    page({ fromMs: endMs - 21 * DAY_MS, toMs: endMs - 21 * DAY_MS + 3_600_000 }),
  );
  await measure('text of a common error', page({ search: 'server_busy' }));
  await measure('text of a failed call, once in the log', page({ search: 'needle_in_the_log', failedOnly: true }), 3);
  await measure('text that is nowhere in the last day', page({ search: 'nowhere', fromMs: endMs - DAY_MS }), 3);
  await measure('text that is nowhere', page({ search: 'nowhere' }), 1);
  await measure('overview of a day, from sums by the hour', () =>
    usage.steps({ fromMs: endMs - DAY_MS, toMs: endMs, stepMs: 3_600_000 }),
  );
  await measure('overview of a month, from sums by the hour', () =>
    usage.steps({ fromMs: endMs - 31 * DAY_MS, toMs: endMs, stepMs: DAY_MS }),
  );
  say(
    '\n| While 1,000 calls a second are recorded | took | calls | recording p99 | worst | worst stall of the loop | most that waited | dropped |\n|---|---|---|---|---|---|---|---|',
  );
  await whileRecording(store, 'nothing else, for 3 s', () => systemClock.sleep(3000));
  await whileRecording(store, 'newest page, 50 times', async () => {
    for (let run = 0; run < 50; run += 1) await page({})();
  });
  await whileRecording(store, 'text that is nowhere', page({ search: 'nowhere' }));
  await whileRecording(store, 'retention of a day', async () => {
    say(`Removed ${await retention.removeCalls(endMs - 29 * DAY_MS, 10_000_000)} rows:`);
  });
  await measure('newest page afterwards', page({}));
  await store.close();
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
