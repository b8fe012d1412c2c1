import assert from 'node:assert/strict';
import { it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { globalTallyKey, proxyTallyKeys } from '../../src/coordination/key-names.ts';
import { openCoordination } from '../../src/coordination/open-coordination.ts';
import { readStats } from '../../src/operations/request-logs/show-stats.ts';
import { tallyCalls } from '../../src/telemetry/tally-calls.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';

it('calls are counted under the documented keys, and shown under the same', async () => {
  const coordination = await openCoordination({ clock: systemClock, onError: (error) => assert.fail(String(error)) });
  const { tally, errors } = coordination;
  const sink = tallyCalls({
    add: (key) => tally.add(key),
    addError: (event) => errors.add(event),
    proxyKeys: proxyTallyKeys,
    retriesKey: globalTallyKey('retries'),
    switchesKey: globalTallyKey('account_switches'),
  });
  const first = sampleAttempt({ accountId: 'a', proxyId: 7, state: 'failed', error: 'overloaded' });
  sink.record(sampleCall({ attempts: [first, sampleAttempt({ number: 2, accountId: 'b', proxyId: 7 })] }));
  sink.record(sampleCall({ attempts: [sampleAttempt({ number: 1, accountId: 'b' })] }));
  const again = sampleAttempt({ number: 2, accountId: 'a', state: 'failed', error: 'overloaded' });
  sink.record(
    sampleCall({
      requestId: 'failed',
      startedAtMs: systemClock.nowMs(),
      state: 'failed',
      status: 502,
      attempts: [{ ...again, number: 1 }, again],
    }),
  );
  const keys = [...proxyTallyKeys(7, 'requests'), ...proxyTallyKeys(7, 'errors')];
  const stats = await readStats({
    rows: { proxies: { all: () => Promise.resolve([]) } as never },
    read: (key) => tally.read(key),
    proxyKeys: () => [],
    globalKeys: [...keys, globalTallyKey('retries'), globalTallyKey('account_switches')],
  });
  assert.deepEqual(stats, {
    'stats:proxy:7:requests:today': 2,
    'stats:proxy:7:requests': 2,
    'stats:proxy:7:errors:today': 1,
    'stats:proxy:7:failures': 1,
    'stats:global:retries:today': 2,
    'stats:global:account_switches:today': 1,
  });
  const [event] = await errors.recent(5);
  assert.equal(JSON.parse(event?.text ?? '{}').request_id, 'failed');
  await coordination.close();
});
