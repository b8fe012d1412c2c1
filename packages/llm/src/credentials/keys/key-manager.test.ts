import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { movingClock, type MovingClock } from '../../testing/moving-clock.ts';
import { AuthError } from '../auth-error.ts';
import { KeyManager, type KeyManagerOptions } from './key-manager.ts';

const KEYS = ['sk-first-key-0001', 'sk-second-key-0002', 'sk-third-key-0003'] as const;
const [FIRST, SECOND, THIRD] = KEYS;

let clock: MovingClock;
const managerOf = (keys: readonly string[] = KEYS, options: KeyManagerOptions = {}): KeyManager =>
  new KeyManager({ clock, random: () => 0.99 }, 'openai', keys, options);
const refusing =
  (...bad: readonly string[]) =>
  (key: string): string => {
    if (bad.includes(key)) throw new Error(`refused ${key}`);
    return key;
  };
const errorOf = async (running: Promise<unknown>): Promise<AuthError> => {
  const error: unknown = await running.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AuthError, String(error));
  return error;
};

beforeEach(() => {
  clock = movingClock();
});

describe('a key manager', () => {
  it('uses its keys in turn', async () => {
    const manager = managerOf();
    const used = [];
    for (let call = 0; call < 4; call += 1) used.push(await manager.executeWithFailover((key) => key));
    assert.deepEqual(used, [FIRST, SECOND, THIRD, FIRST]);
  });

  it('takes the context first, and gives it first to those who take two', async () => {
    const manager = managerOf([FIRST]);
    const context = { signal: new AbortController().signal, request: 7 };
    assert.equal(await manager.executeWithFailover(context, (key: string) => key), FIRST);
    assert.deepEqual(await manager.executeWithFailover(context, (given, key) => [given, key]), [context, FIRST]);
    assert.equal(await manager.executeWithFailover(context.signal, (key: string) => key), FIRST);
  });

  it('moves on from keys that fail, which rest for 1, 2, 4 … 60 seconds', async () => {
    const manager = managerOf([FIRST, SECOND]);
    const restS = (): number =>
      ((manager.getStatus().keys[0]?.backoffUntil?.getTime() ?? clock.nowMs()) - clock.nowMs()) / 1000;
    const rests = [];
    for (let failure = 0; failure < 8; failure += 1) {
      assert.equal(await manager.executeWithFailover(refusing(FIRST)), SECOND);
      rests.push(restS());
      assert.equal(await manager.executeWithFailover(refusing(FIRST)), SECOND);
      clock.pass(restS() * 1000);
    }
    assert.deepEqual(rests, [1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('calls a key unhealthy after three failures and healthy after one success', () => {
    const manager = managerOf([FIRST]);
    for (const healthy of [true, true, false]) {
      manager.reportFailure(FIRST, new Error('429'));
      assert.equal(manager.isHealthy(), healthy);
    }
    manager.reportSuccess(FIRST);
    assert.equal(manager.isHealthy(), true);
    assert.equal(manager.getNextKey(), FIRST);
  });

  it('asks for as many successes as are configured', () => {
    const manager = managerOf([FIRST], { failureThreshold: 1, successThreshold: 2 });
    manager.reportFailure(FIRST);
    manager.reportSuccess(FIRST);
    assert.equal(manager.isHealthy(), false);
    manager.reportSuccess(FIRST);
    assert.equal(manager.isHealthy(), true);
  });

  it('tries three keys at most and says how many there are, without showing one', async () => {
    const manager = managerOf([...KEYS, 'sk-fourth-key-0004']);
    let calls = 0;
    const error = await errorOf(
      manager.executeWithFailover((key) => {
        calls += 1;
        throw new Error(`no ${key} here`);
      }),
    );
    assert.equal(calls, 3);
    assert.equal(error.code, 'all_keys_exhausted');
    assert.equal(error.message, 'all 4 keys exhausted: 3 tried, last error: no [secret] here');
    assert.ok(error.cause instanceof Error);
    clock.pass(500);
    const rest = await errorOf(managerOf([]).executeWithFailover((key) => key));
    assert.equal(rest.message, 'there are 0 keys. Add one with addKey');
  });

  it('says when the only key is usable again', async () => {
    const manager = managerOf([FIRST]);
    manager.reportFailure(FIRST);
    manager.reportFailure(FIRST);
    const error = await errorOf(manager.executeWithFailover((key) => key));
    assert.equal(error.message, 'only key unavailable: in backoff after failures, next try in 2 s');
    assert.throws(() => manager.getNextKey(), /only key unavailable/);
    clock.pass(2000);
    assert.equal(manager.getNextKey(), FIRST);
  });

  it('neither blames a key for what another would meet, nor tries another', async () => {
    const manager = managerOf();
    const error = Object.assign(new Error('too long'), { failure: { kind: 'context-overflow', message: 'too long' } });
    let calls = 0;
    const running = manager.executeWithFailover(() => {
      calls += 1;
      throw error;
    });
    await assert.rejects(running, (thrown) => thrown === error);
    assert.equal(calls, 1);
    assert.ok(manager.getStatus().keys.every(({ failureCount }) => failureCount === 0));
  });

  it('stops at once when it is cancelled, and blames no key', async () => {
    const manager = managerOf();
    const controller = new AbortController();
    let calls = 0;
    const running = manager.executeWithFailover(controller.signal, () => {
      calls += 1;
      controller.abort();
      throw new Error('cut off');
    });
    await assert.rejects(running, /cut off/);
    await assert.rejects(
      manager.executeWithFailover(controller.signal, (key: string) => key),
      { name: 'AbortError' },
    );
    assert.equal(calls, 1);
    assert.ok(manager.getStatus().keys.every(({ inBackoff }) => !inBackoff));
  });

  it('rests as long as the provider asks', async () => {
    const manager = managerOf([FIRST]);
    const failure = { kind: 'rate-limit', message: 'slower', retryAfterMs: 30_000 };
    await errorOf(manager.executeWithFailover(() => Promise.reject(Object.assign(new Error('slower'), { failure }))));
    assert.equal(manager.getStatus().keys[0]?.backoffUntil?.getTime(), clock.nowMs() + 30_000);
  });

  it('takes keys and gives them up while they are in use', async () => {
    const manager = managerOf([FIRST]);
    await manager.executeWithFailover((key) => {
      assert.equal(manager.addKey(SECOND), true);
      assert.equal(manager.addKey(SECOND), false);
      assert.equal(manager.removeKey(key), true);
      return key;
    });
    assert.deepEqual(manager.getKeys(), [SECOND]);
    assert.equal(manager.removeKey(FIRST), false);
    assert.equal(manager.getNextKey(), SECOND);
  });

  it('refuses keys that are blank or no text', () => {
    for (const key of ['', '  ', undefined as unknown as string])
      assert.throws(() => managerOf([FIRST, key]), { name: 'AuthError', code: 'invalid_config' });
  });

  it('shows its keys masked, with their weights', async () => {
    const manager = managerOf(['sk-1234567890abcdef', 'short-key']);
    await manager.executeWithFailover(refusing('sk-1234567890abcdef'));
    const status = manager.getStatus();
    assert.deepEqual(
      status.keys.map(({ keyMasked, weight, healthy, errorRate, requestCount, inBackoff }) => [
        keyMasked,
        weight,
        healthy,
        errorRate,
        requestCount,
        inBackoff,
      ]),
      [
        ['sk-12345...cdef', 8, true, 1, 1, true],
        ['********', 11, true, 0, 1, false],
      ],
    );
    assert.equal(status.totalKeys, 2);
    assert.equal(status.healthyKeys, 2);
    assert.equal(status.strategy, 'round_robin');
  });

  it('chooses by chance, by weight, by use or by order where it is asked to', async () => {
    assert.equal(managerOf(KEYS, { strategy: 'random' }).getNextKey(), THIRD);
    const failover = managerOf(KEYS, { strategy: 'failover' });
    assert.deepEqual([failover.getNextKey(), failover.getNextKey()], [FIRST, FIRST]);
    const least = managerOf(KEYS, { strategy: 'least_used' });
    assert.deepEqual([least.getNextKey(), least.getNextKey(), least.getNextKey()], [...KEYS]);
    const weighted = managerOf([FIRST, SECOND], { strategy: 'weighted' });
    for (let report = 0; report < 30; report += 1) weighted.reportSuccess(SECOND);
    const uses = Array.from({ length: 100 }, () => weighted.getNextKey()).filter((key) => key === SECOND).length;
    assert.ok(uses >= 75 && uses <= 85, `${uses} of 100 although it weighs 40 beside 10`);
  });
});
