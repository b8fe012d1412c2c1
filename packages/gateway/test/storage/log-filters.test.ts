import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { CallQuery } from '../../src/storage/repositories/call-reader.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { ENGINES, type TestStore } from './engines.ts';

const START_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;

for (const engine of ENGINES) {
  describe(`what the log is filtered by on ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;

    before(async () => {
      opened = await engine.make();
      const log = opened.store.createCallLog({ onError: (error) => assert.fail(String(error)) });
      const one = (number: number) => ({ number, startedAtMs: START_MS });
      log.record(sampleCall({ requestId: 'plain', stream: false, attempts: [sampleAttempt(one(1))] }));
      log.record(
        sampleCall({
          requestId: 'moved',
          attempts: [
            sampleAttempt({ ...one(1), accountId: 'a', status: 429, state: 'failed', failureKind: 'rate-limit' }),
            sampleAttempt({ ...one(2), accountId: 'b', latencyMs: 9000, costNanoUsd: 5_000_000 }),
          ],
        }),
      );
      log.record(sampleCall({ requestId: 'refused', status: 404, state: 'failed', attempts: [] }));
      await log.close();
    });
    after(() => opened.close());

    const found = async (query: Partial<CallQuery>): Promise<readonly string[]> =>
      (await opened.store.calls.page({ limit: 10, ...query })).map((row) => `${row.requestId} ${row.attempt}`);

    it('are the hundred of the status, that of the upstream before that of the client', async () => {
      assert.deepEqual(await found({ statusHundred: 4 }), ['refused 0', 'moved 1']);
      assert.deepEqual(await found({ statusHundred: 2 }), ['moved 2', 'plain 1']);
      assert.deepEqual(await found({ statusHundred: 5 }), []);
    });

    it('are streams, changes of the account, time and money', async () => {
      assert.deepEqual(await found({ streamed: false }), ['plain 1']);
      assert.deepEqual(await found({ switched: true }), ['moved 2']);
      assert.deepEqual(await found({ switched: false, streamed: true }), ['refused 0', 'moved 1']);
      assert.deepEqual(await found({ minLatencyMs: 9000 }), ['moved 2']);
      assert.deepEqual(await found({ minCostNanoUsd: 5_000_000 }), ['moved 2']);
      assert.deepEqual(await found({ minCostNanoUsd: 5_000_001 }), []);
    });

    it('is what came after a row', async () => {
      const rows = await opened.store.calls.page({ limit: 10 });
      assert.deepEqual(await found({ afterId: rows.at(2)?.id ?? 0 }), ['refused 0', 'moved 2']);
      assert.deepEqual(await found({ afterId: rows.at(0)?.id ?? 0 }), []);
    });
  });

  describe(`a sample of the log on ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;
    before(async () => {
      opened = await engine.make();
      const log = opened.store.createCallLog({ onError: (error) => assert.fail(String(error)) });
      for (let at = 0; at < 600; at += 1) {
        const startedAtMs = START_MS + at * MINUTE_MS;
        log.record(sampleCall({ requestId: `r${at}`, startedAtMs, attempts: [sampleAttempt({ startedAtMs })] }));
      }
      await log.close();
    });
    after(() => opened.close());

    const minutes = (from: number, to: number) => ({
      fromMs: START_MS + from * MINUTE_MS,
      toMs: START_MS + to * MINUTE_MS,
    });

    it('has every attempt of a time where there are not too many', async () => {
      const { attempts, weight } = await opened.store.sampler.sample(minutes(100, 200));
      assert.equal(attempts.length, 100);
      assert.equal(weight, 1);
      assert.equal(attempts[0]?.startedAtMs, START_MS + 100 * MINUTE_MS);
      assert.deepEqual((await opened.store.sampler.sample(minutes(9000, 9001))).attempts, []);
    });

    it('stands for all of them where there are too many to read', async () => {
      // Ids as far apart as if ten thousand others lay between any two blocks of ten.
      await opened.byHand('update request_logs set id = -id');
      await opened.byHand('update request_logs set id = -id * 1000');
      const { attempts, weight } = await opened.store.sampler.sample(minutes(0, 600));
      assert.ok(attempts.length > 500, `${attempts.length} read`);
      assert.ok(weight > 900 && weight < 1100, `each for ${weight}`);
    });
  });
}
