import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { RefreshTokens, Rotated } from '../../src/storage/ports.ts';
import type { RefreshTokenRecord } from '../../src/storage/records.ts';
import { ENGINES, type TestStore } from './engines.ts';

for (const engine of ENGINES)
  describe(`refresh tokens in ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;
    let tokens: RefreshTokens;
    const first = async (name: string, more: Partial<RefreshTokenRecord> = {}): Promise<void> =>
      tokens.insert({
        id: name,
        familyId: `family of ${name}`,
        userId: 'ada',
        hash: name,
        issuedAtMs: 100,
        expiresAtMs: 1000,
        ...more,
      });
    const rotate = (hash: string, to: string, atMs = 200): Promise<Rotated> =>
      tokens.rotate(hash, { id: to, hash: to, issuedAtMs: atMs, expiresAtMs: atMs + 900 });
    before(async () => {
      opened = await engine.make();
      tokens = opened.store.rows.refreshTokens;
    });
    after(() => opened.close());

    it('are exchanged for the next of their family, which ends later', async () => {
      await first('a1');
      assert.deepEqual(await rotate('a1', 'a2'), { kind: 'rotated' });
      const next = await tokens.find('a2');
      assert.deepEqual([next?.familyId, next?.userId, next?.expiresAtMs], ['family of a1', 'ada', 1100]);
      assert.equal((await tokens.find('a1'))?.usedAtMs, 200);
    });

    it('end their whole family when one is presented again', async () => {
      await first('b1');
      await rotate('b1', 'b2');
      await rotate('b2', 'b3');
      assert.deepEqual(await rotate('b1', 'b4', 300), { kind: 'reused', familyId: 'family of b1', userId: 'ada' });
      assert.deepEqual(await rotate('b3', 'b5', 400), { kind: 'revoked' });
      assert.equal(await tokens.find('b4'), undefined);
      assert.equal(await tokens.isFamilyAlive('family of b1', 400), false);
    });

    it('are exchanged once, however many present one at the same time', async () => {
      await first('c1');
      const other = await opened.another();
      const outcomes = await Promise.all(
        ['c2', 'c3', 'c4', 'c5'].map((to, index) => {
          const through = index % 2 === 0 ? tokens : other.rows.refreshTokens;
          return through.rotate('c1', { id: to, hash: to, issuedAtMs: 200, expiresAtMs: 1100 });
        }),
      );
      await other.close();
      assert.equal(outcomes.filter(({ kind }) => kind === 'rotated').length, 1);
      assert.equal(
        outcomes.some(({ kind }) => kind === 'reused'),
        true,
      );
    });

    it('are refused when they are unknown, too old or revoked', async () => {
      await first('d1', { expiresAtMs: 150 });
      await first('d2');
      await tokens.revokeFamily('family of d2', 150);
      assert.deepEqual(await rotate('nobody', 'x'), { kind: 'unknown' });
      assert.deepEqual(await rotate('d1', 'x'), { kind: 'expired' });
      assert.deepEqual(await rotate('d2', 'x'), { kind: 'revoked' });
      assert.equal(await tokens.find('x'), undefined);
    });

    it('of a user end together, but for one family', async () => {
      await first('e1', { userId: 'eve' });
      await first('e2', { userId: 'eve' });
      await tokens.revokeUser('eve', 150, 'family of e2');
      assert.equal(await tokens.isFamilyAlive('family of e1', 160), false);
      assert.equal(await tokens.isFamilyAlive('family of e2', 160), true);
      assert.equal(await tokens.isFamilyAlive('family of e2', 1000), false);
    });

    it('tell which sessions of a user live, each once however often its token was exchanged', async () => {
      await first('g1', { userId: 'gus' });
      await rotate('g1', 'g2');
      await first('g3', { userId: 'gus', issuedAtMs: 300 });
      await first('g4', { userId: 'gus', expiresAtMs: 150 });
      await first('g5', { userId: 'gus' });
      await tokens.revokeFamily('family of g5', 200);
      assert.deepEqual(await tokens.aliveOf('gus', 400), [
        { id: 'family of g3', startedAtMs: 300, expiresAtMs: 1000 },
        { id: 'family of g1', startedAtMs: 100, expiresAtMs: 1100 },
      ]);
      assert.deepEqual(await tokens.aliveOf('nobody', 400), []);
    });

    it('are forgotten once they have expired', async () => {
      await first('f1', { expiresAtMs: 2 });
      assert.equal(await tokens.removeExpired(3), 1);
      assert.equal(await tokens.find('f1'), undefined);
    });
  });
