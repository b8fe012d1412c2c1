import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_USAGE } from '@patchbay/llm/model/usage';
import { manualClock } from '@patchbay/llm/testing/manual-clock';

import { tidyStore } from '../../src/storage/tidy-store.ts';
import type { CallRecord } from '../../src/telemetry/call-record.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { ENGINES, type TestStore } from './engines.ts';

/** Columns of a row that is written by hand, but for its attempt. */
const LOGGED =
  'request_id, call_id, started_at_ms, key_id, client_format, route, requested_model, provider_id, model, stream, express, state, http_status, latency_ms, duration_ms, output_tokens';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

for (const engine of ENGINES)
  describe(`the log of calls in ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;
    const log = async (...calls: readonly CallRecord[]): Promise<void> => {
      const callLog = opened.store.createCallLog({ onError: (error) => assert.ifError(error) });
      for (const call of calls) callLog.record(call);
      await callLog.close();
    };
    const rows = async (where: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
      opened.byHand(`select * from request_logs where ${where} order by id`);
    before(async () => {
      opened = await engine.make();
    });
    after(() => opened.close());

    it('has each attempt as it was, with what is absent empty', async () => {
      const usage = { ...NO_USAGE, inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, reasoningTokens: 4 };
      await log(
        sampleCall({ requestId: 'whole', attempts: [sampleAttempt({ usage, startedAtMs: 1_790_000_000_000 })] }),
        sampleCall({ requestId: 'none', attempts: [], status: 401, state: 'failed' }),
      );
      const [whole] = await rows("request_id = 'whole'");
      assert.deepEqual(
        [whole?.['input_tokens'], whole?.['output_tokens'], whole?.['cache_read_tokens'], whole?.['started_at_ms']].map(
          Number,
        ),
        [1, 2, 3, 1_790_000_000_000],
      );
      assert.deepEqual([whole?.['model'], Number(whole?.['stream']), whole?.['losses']], ['gpt-5-mini', 1, null]);
      const [none] = await rows("request_id = 'none'");
      assert.deepEqual([Number(none?.['attempt']), none?.['provider_id'], none?.['input_tokens']], [0, null, null]);
    });

    it('takes whatever text a client sends', async () => {
      const requestedModel = 'a\0b {"c",d} \\ \' " ünï 👍🏽 null';
      await log(sampleCall({ requestId: 'odd', requestedModel, losses: ['tools: "x" (dropped)', '{}'] }));
      const [odd] = await rows("request_id = 'odd'");
      assert.equal(String(odd?.['requested_model']).replaceAll('\0', ''), requestedModel.replaceAll('\0', ''));
      assert.deepEqual(JSON.parse(String(odd?.['losses'])), ['tools: "x" (dropped)', '{}']);
    });

    it('adds usage up by hour, provider, model and key, for as many attempts as are written', async () => {
      const at = (startedAtMs: number, more: Parameters<typeof sampleAttempt>[0] = {}) =>
        sampleAttempt({ startedAtMs, providerId: 'adding', latencyMs: 10, ...more });
      await log(
        sampleCall({ keyId: 'k', attempts: [at(5 * HOUR_MS), at(5 * HOUR_MS + 1, { number: 2, state: 'failed' })] }),
        sampleCall({ keyId: 'k', attempts: [at(6 * HOUR_MS - 1, { model: 'other' })] }),
      );
      await log(sampleCall({ keyId: 'k', attempts: [at(5 * HOUR_MS + 2), at(6 * HOUR_MS, { number: 2 })] }));
      const hours = await opened.store.usage.hours({ fromMs: 5 * HOUR_MS, toMs: 7 * HOUR_MS, providerId: 'adding' });
      const seen = hours.map((hour) => [
        hour.hourStartMs / HOUR_MS,
        hour.model,
        hour.keyId,
        hour.attempts,
        hour.successes,
        hour.inputTokens,
        hour.outputTokens,
        hour.latencyMs,
      ]);
      assert.deepEqual(seen, [
        [5, 'gpt-5-mini', 'k', 3, 2, 36, 90, 30],
        [5, 'other', 'k', 1, 1, 12, 30, 10],
        [6, 'gpt-5-mini', 'k', 1, 1, 12, 30, 10],
      ]);
      assert.deepEqual(await opened.store.usage.hours({ fromMs: 0, toMs: 5 * HOUR_MS, providerId: 'adding' }), []);
    });

    it('adds up once what is written twice, and what somebody else writes as it comes', async () => {
      const call = sampleCall({ keyId: 'k', attempts: [sampleAttempt({ startedAtMs: 0, providerId: 'twice' })] });
      await log(call, call);
      const mine = "provider_id = 'twice'";
      const written = `select ${LOGGED}, attempt from request_logs where ${mine} limit 1`;
      await opened.byHand(`insert into request_logs (${LOGGED}, attempt) ${written} on conflict do nothing`);
      const other = written.replace(', attempt', ', attempt + 1');
      await opened.byHand(`insert into request_logs (${LOGGED}, attempt) ${other}`);
      const sums = 'sum(attempts) as attempts, sum(output_tokens) as tokens, count(*) as rows_seen';
      for (const table of ['usage_hours', 'usage_days']) {
        const [sum] = await opened.byHand(`select ${sums} from ${table} where ${mine}`);
        assert.deepEqual([Number(sum?.['attempts']), Number(sum?.['tokens']), Number(sum?.['rows_seen'])], [3, 90, 1]);
      }
    });

    it('says of each attempt what it cost, after which account, and adds the cost up', async () => {
      const at = (number: number, more: Parameters<typeof sampleAttempt>[0]) =>
        sampleAttempt({ number, startedAtMs: 9 * HOUR_MS, providerId: 'priced', ...more });
      const first = at(1, { accountId: 'one', state: 'failed' });
      const attempts = [first, at(2, { accountId: 'two', costNanoUsd: 40, proxyId: 3 }), at(3, { accountId: 'two' })];
      await log(sampleCall({ requestId: 'priced', keyId: 'p', attempts }));
      await log(sampleCall({ keyId: 'p', attempts: [at(1, { costNanoUsd: 2 })] }));
      const seen = (await rows("request_id = 'priced'")).map((row) => [
        row['cost_nano_usd'] === null ? null : Number(row['cost_nano_usd']),
        Number(row['retry_count']),
        row['switched_from_account_id'],
        row['proxy_id'] === null ? null : Number(row['proxy_id']),
      ]);
      assert.deepEqual(seen, [
        [null, 0, null, null],
        [40, 1, 'one', 3],
        [null, 2, null, null],
      ]);
      const asked = { fromMs: 9 * HOUR_MS, toMs: 10 * HOUR_MS, keyId: 'p' };
      const [hour] = await opened.store.usage.hours(asked);
      assert.deepEqual([hour?.attempts, hour?.costNanoUsd, hour?.unpriced], [4, 42, 1]);
    });

    it('is kept for as many days as it should be, and its usage longer', async () => {
      const now = 1_900_000_000_000;
      const clock = { ...manualClock(), nowMs: () => now };
      const calls = (requestId: string, count: number, startedAtMs: number): readonly CallRecord[] =>
        Array.from({ length: count }, () =>
          sampleCall({ requestId, attempts: [sampleAttempt({ providerId: 'kept', startedAtMs })] }),
        );
      await log(...calls('old', 2300, now - 31 * DAY_MS), ...calls('young', 3, now - 29 * DAY_MS));
      const tidied = Promise.withResolvers<void>();
      const { retention, rows: repositories } = opened.store;
      const refreshTokens = {
        ...repositories.refreshTokens,
        removeExpired: (beforeMs: number) => repositories.refreshTokens.removeExpired(beforeMs).finally(tidied.resolve),
      };
      const stop = tidyStore({
        store: { retention, rows: { ...repositories, refreshTokens } },
        clock,
        logRetentionDays: 30,
        payloads: { removeBefore: () => Promise.resolve(0) },
        capture: { days: 7 },
        onError: tidied.reject,
      });
      await tidied.promise;
      stop();
      assert.equal((await rows("request_id = 'old'")).length, 0);
      assert.equal((await rows("request_id = 'young'")).length, 3);
      const usage = await opened.store.usage.hours({ fromMs: 0, toMs: now, providerId: 'kept' });
      assert.deepEqual(
        usage.map(({ attempts }) => attempts),
        [2300, 3],
      );
    });
  });
