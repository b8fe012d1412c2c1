import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { CallQuery } from '../../src/storage/repositories/call-reader.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { ENGINES, type TestStore } from './engines.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const START_MS = 1_800_000_000_000 - (1_800_000_000_000 % DAY_MS);

for (const engine of ENGINES) {
  describe(`pages of a long log on ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;
    const startedAtMs: number[] = [];

    before(async () => {
      opened = await engine.make();
      // Twenty days, a call every two hours; each tenth was written half a day late, as long calls are.
      const calls = Array.from({ length: 240 }, (_, index) => {
        const at = START_MS + index * 2 * HOUR_MS - (index % 10 === 0 ? DAY_MS / 2 : 0);
        startedAtMs.push(at);
        const failed =
          index % 20 === 3 ? ({ state: 'failed', failureKind: 'overloaded', error: 'Busy_1' } as const) : {};
        const attempt = sampleAttempt({ startedAtMs: at, accountId: `account-${index % 3}`, ...failed });
        return sampleCall({ requestId: `request-${index}`, startedAtMs: at, attempts: [attempt] });
      });
      const log = opened.store.createCallLog({ onError: (error) => assert.fail(String(error)) });
      // In several batches, so that ids are given in this order.
      for (const call of calls) log.record(call);
      await log.close();
      // A gap of ids longer than what one look for a text reads.
      await opened.byHand(`update request_logs set id = id + 400000 where id > 120`);
    });
    after(() => opened.close());

    const page = async (query: Partial<CallQuery>): Promise<readonly string[]> =>
      (await opened.store.calls.page({ limit: 1000, ...query })).map(({ requestId }) => requestId);
    const wanted = (isWanted: (atMs: number, index: number) => boolean): readonly string[] =>
      startedAtMs.flatMap((atMs, index) => (isWanted(atMs, index) ? [`request-${index}`] : [])).toReversed();

    it('have all rows of a time, also those that were written late', async () => {
      for (const [fromDay, toDay] of [
        [-1, 2],
        [4, 5],
        [9.5, 10.5],
        [19, 40],
        [30, 31],
      ] as const) {
        const [fromMs, toMs] = [START_MS + fromDay * DAY_MS, START_MS + toDay * DAY_MS];
        assert.deepEqual(
          await page({ fromMs, toMs }),
          wanted((at) => at >= fromMs && at < toMs),
          `days ${fromDay} to ${toDay}`,
        );
      }
    });

    it('find a text wherever it stands, newest first, page after page', async () => {
      const busy = wanted((_, index) => index % 20 === 3);
      assert.deepEqual(await page({ search: 'busy_' }), busy);
      assert.deepEqual(await page({ search: 'busy_', limit: 5 }), busy.slice(0, 5));
      assert.deepEqual(await page({ search: 'busy_', limit: 5, offset: 4 }), busy.slice(4, 9));
      assert.deepEqual(await page({ search: 'nowhere' }), []);
      const [, , third] = await opened.store.calls.page({ limit: 3, search: 'busy_' });
      assert.deepEqual(await page({ search: 'busy_', beforeId: third?.id ?? 0 }), busy.slice(3));
    });

    it('are read by an order of their own for what is filtered often', async () => {
      const accounts = await page({ accountId: 'account-1' });
      assert.deepEqual(
        accounts,
        wanted((_, index) => index % 3 === 1),
      );
      const failures = await page({ failedOnly: true, fromMs: START_MS + 10 * DAY_MS });
      assert.deepEqual(
        failures,
        wanted((at, index) => index % 20 === 3 && at >= START_MS + 10 * DAY_MS),
      );
      if (engine.name !== 'SQLite') return;
      const planOf = async (where: string): Promise<string> => {
        const sql = `explain query plan select * from request_logs where ${where} order by id desc limit 100`;
        return JSON.stringify(await opened.byHand(sql));
      };
      for (const column of ['account_id', 'provider_id', 'model', 'key_id'])
        assert.match(await planOf(`${column} = 'x' and id < 9 and id >= 0`), new RegExp(`request_logs_by_${column}`));
      assert.match(await planOf('failure_kind is not null and started_at_ms >= 5'), /request_logs_failures/);
    });

    it('have sums by the day that are those of its hours', async () => {
      const { usage } = opened.store;
      const range = { fromMs: START_MS, toMs: START_MS + 20 * DAY_MS };
      const hours = await usage.hours(range);
      const days = await usage.steps({ ...range, stepMs: DAY_MS });
      assert.equal(days.length, 20);
      assert.ok(days.every(({ hourStartMs }) => hourStartMs % DAY_MS === 0));
      const total = (rows: typeof hours) => rows.reduce((sum, row) => sum + row.attempts + row.outputTokens, 0);
      assert.equal(total(days), total(hours));
      assert.deepEqual(await usage.steps({ ...range, stepMs: HOUR_MS, providerId: 'none' }), []);
    });

    it('have sums of weeks that read days where they are whole, and hours at both ends', async () => {
      const { usage } = opened.store;
      const range = { fromMs: START_MS + 9 * HOUR_MS, toMs: START_MS + 10 * DAY_MS + 5 * HOUR_MS };
      const attempts = (rows: readonly { readonly attempts: number }[]): number =>
        rows.reduce((sum, row) => sum + row.attempts, 0);
      const inHours = attempts(await usage.hours(range));
      assert.equal(attempts(await usage.steps({ ...range, stepMs: DAY_MS })), inHours);
      assert.equal(attempts(await usage.steps({ ...range, stepMs: 7 * DAY_MS })), inHours);
      // Where the hours of a whole day are gone, what was read was the day.
      const [from, to] = [START_MS + 2 * DAY_MS, START_MS + 3 * DAY_MS];
      await opened.byHand(`delete from usage_hours where hour_start_ms >= ${from} and hour_start_ms < ${to}`);
      assert.ok(attempts(await usage.hours(range)) < inHours);
      assert.equal(attempts(await usage.steps({ ...range, stepMs: DAY_MS })), inHours);
    });
  });
}
