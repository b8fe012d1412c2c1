import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { Secret } from '../secret.ts';
import { HeldTokens, renewAtMs } from './held-tokens.ts';
import type { Tokens } from './tokens.ts';

const { signal } = new AbortController();
const HOUR_MS = 3_600_000;
const DEAD: Failure = { kind: 'authentication', message: 'invalid_grant' };
const AWAY: Failure = { kind: 'network', message: 'no answer' };

let nowMs = 0;
const clock = { ...manualClock(), nowMs: () => nowMs };
const pass = (ms: number): void => {
  nowMs += ms;
};
let asked: number;
let answer: (tokens: Tokens) => Promise<Result<Tokens>>;

const tokensOf = (name: string, livesMs = HOUR_MS): Tokens => ({
  accessToken: new Secret(name),
  tokenType: 'Bearer',
  livesMs,
  expiresAtMs: clock.nowMs() + livesMs,
});
const hold = (first?: Tokens): HeldTokens =>
  new HeldTokens({
    clock,
    renew: () => {
      asked += 1;
      return answer(tokensOf(`token-${asked}`));
    },
    ...(first !== undefined && { first }),
  });
const shown = async (held: HeldTokens): Promise<string> => {
  const token = await held.token(signal);
  return token.ok ? token.value.reveal() : token.failure.message;
};

beforeEach(() => {
  nowMs = 0;
  asked = 0;
  answer = (tokens) => Promise.resolve(ok(tokens));
});

describe('held tokens', () => {
  it('are renewed once by many who ask together', async () => {
    const held = hold();
    const all = await Promise.all(Array.from({ length: 20 }, () => shown(held)));
    assert.deepEqual(new Set(all), new Set(['token-1']));
    assert.equal(asked, 1);
  });

  it('are renewed ahead of their end, while nobody waits', async () => {
    const held = hold(tokensOf('first'));
    const gate = Promise.withResolvers<undefined>();
    answer = async (tokens) => {
      await gate.promise;
      return ok(tokens);
    };
    pass(HOUR_MS - 299_000);
    assert.equal(await shown(held), 'first');
    assert.equal(asked, 1);
    const renewing = held.renew();
    gate.resolve(undefined);
    await renewing;
    assert.equal(await shown(held), 'token-1');
  });

  it('of a minute are not renewed with every call', async () => {
    const held = hold(tokensOf('short', 60_000));
    pass(30_000);
    assert.equal(await shown(held), 'short');
    assert.equal(asked, 0);
    assert.equal(renewAtMs(tokensOf('x', 60_000)), clock.nowMs() + 48_000);
  });

  it('are good until they are refused where nobody says when they end', async () => {
    const first: Tokens = { accessToken: new Secret('endless'), tokenType: 'Bearer' };
    const held = hold(first);
    pass(100 * HOUR_MS);
    assert.equal(await shown(held), 'endless');
    held.refused(first.accessToken);
    assert.equal(await shown(held), 'token-1');
    held.refused(first.accessToken);
    assert.equal(await shown(held), 'token-1');
  });

  it('serve on while the server is in trouble, and are asked for ever less often', async () => {
    const held = hold(tokensOf('first'));
    answer = () => Promise.resolve(failed(AWAY));
    pass(HOUR_MS - 60_000);
    for (let call = 0; call < 20; call += 1) {
      assert.equal(await shown(held), 'first');
      await Promise.resolve();
    }
    assert.equal(asked, 1);
    pass(60_000);
    assert.equal(await shown(held), 'no answer');
    assert.equal(asked, 2);
    assert.equal(await shown(held), 'no answer');
    assert.equal(asked, 2);
    answer = (tokens) => Promise.resolve(ok(tokens));
    pass(4000);
    assert.equal(await shown(held), 'token-3');
  });

  it('that are dead stay dead until others are adopted', async () => {
    const held = hold();
    answer = () => Promise.resolve(failed(DEAD));
    assert.equal(await shown(held), 'invalid_grant');
    pass(100 * HOUR_MS);
    assert.equal(await shown(held), 'invalid_grant');
    assert.equal(asked, 1);
    held.adopt(tokensOf('signed-in-again'));
    assert.equal(await shown(held), 'signed-in-again');
  });

  it('end the waiting of one caller and not of others', async () => {
    const held = hold();
    const gate = Promise.withResolvers<undefined>();
    answer = async (tokens) => {
      await gate.promise;
      return ok(tokens);
    };
    const leaving = new AbortController();
    const left = held.token(leaving.signal);
    const stays = shown(held);
    leaving.abort();
    const cancelled = await left;
    assert.equal(cancelled.ok || cancelled.failure.kind, 'cancelled');
    gate.resolve(undefined);
    assert.equal(await stays, 'token-1');
  });
});
