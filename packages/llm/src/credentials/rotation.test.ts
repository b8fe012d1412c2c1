import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CHOOSE, hashOfText, type Rotation } from './rotation.ts';
import { Seat, type SeatFacts } from './seat.ts';

const seat = (id: string, facts: SeatFacts = {}): Seat => new Seat({ kind: 'anonymous', id }, facts);
const THREE = [seat('a'), seat('b'), seat('c')] as const;
const take = (rotation: Rotation, seats: readonly [Seat, ...Seat[]], turns: number, key?: number): string =>
  Array.from({ length: turns }, (_, at) => CHOOSE[rotation](seats, { turn: at + 1, ...(key !== undefined && { key }) }))
    .map(({ id }) => id)
    .join('');

describe('the ways to choose', () => {
  it('round-robin takes each in turn from the first', () => {
    assert.equal(take('round-robin', THREE, 7), 'abcabca');
  });

  it('fill-first takes the first', () => {
    assert.equal(take('fill-first', THREE, 3), 'aaa');
  });

  it('cheapest takes what costs least, and the first of equals', () => {
    assert.equal(take('cheapest', [seat('a', { priceFactor: 2 }), seat('b'), seat('c')], 2), 'bb');
  });

  it('least-used takes the one with the fewest calls', () => {
    const [a, b] = [seat('a'), seat('b')];
    a.uses = 3;
    b.uses = 2;
    assert.equal(take('least-used', [a, b], 1), 'b');
  });

  it('weighted shares turns by weight, halves too, and gives nothing to what weighs nothing', () => {
    const shares = take(
      'weighted',
      [seat('a', { weight: 3 }), seat('b', { weight: 1 }), seat('c', { weight: 0 })],
      1000,
    );
    const of = (id: string): number => shares.split(id).length - 1;
    assert.ok(Math.abs(of('a') - 750) < 5, String(of('a')));
    assert.equal(of('c'), 0);
    const halves = take('weighted', [seat('a', { weight: 0.5 }), seat('b', { weight: 0.5 })], 1000);
    assert.ok(Math.abs(halves.split('a').length - 501) < 5);
  });

  it('affinity keeps a conversation at one, and moves only those whose account is gone', () => {
    const homes = Array.from({ length: 300 }, (_, at) => take('affinity', THREE, 2, hashOfText(`talk ${at}`)));
    assert.ok(homes.every((home) => home[0] === home[1]));
    for (const id of ['aa', 'bb', 'cc']) assert.ok(homes.filter((home) => home === id).length > 60, id);
    const left = [seat('a'), seat('c')] as const;
    for (const [at, home] of homes.entries())
      if (home !== 'bb') assert.equal(take('affinity', left, 2, hashOfText(`talk ${at}`)), home);
  });

  it('affinity without a conversation takes turns', () => {
    assert.equal(take('affinity', THREE, 4), 'abca');
  });
});
