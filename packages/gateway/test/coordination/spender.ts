import process from 'node:process';

import type { Limit, Reservation } from '../../src/coordination/limiter.ts';
import { openOnRedis, PATIENT, REDIS_URL } from './engines.ts';

/** A process that spends: each message says what to do, each answer how many calls were admitted. */

/** What a spender is told. */
export type Order =
  | { readonly kind: 'reserve'; readonly scope: string; readonly calls: number }
  | { readonly kind: 'settle'; readonly nanoUsd: number };

/** One cent in billionths of a dollar: what each call is thought to cost. */
export const CENT = 10_000_000;

/** One dollar for a scope, and some limits that never refuse. */
export const limitsOf = (scope: string): readonly Limit[] => [
  { scope, measure: 'nano-usd', max: 100 * CENT, window: { kind: 'period', name: 'always', endsAtMs: 0 } },
  { scope, measure: 'requests', max: 1_000_000, window: { kind: 'rolling', ms: 60_000 } },
  { scope: `${scope}:user`, measure: 'tokens', max: 1_000_000_000, window: { kind: 'rolling', ms: 86_400_000 } },
];

if (process.send !== undefined) await spend(process.send.bind(process));

async function spend(answer: (count: number) => unknown): Promise<void> {
  const coordination = await openOnRedis(REDIS_URL, PATIENT);
  let held: readonly Reservation[] = [];
  const obey = async (order: Order): Promise<number> => {
    if (order.kind === 'settle') {
      const actual = { tokens: 700, nanoUsd: order.nanoUsd };
      await Promise.all(held.map(async (each) => coordination.limiter.settle(each, actual)));
      held = [];
      return 0;
    }
    const limits = limitsOf(order.scope);
    const calls = Array.from({ length: order.calls }, async () =>
      coordination.limiter.reserve(limits, { tokens: 1000, nanoUsd: CENT }),
    );
    held = (await Promise.all(calls)).filter((each) => each.admitted);
    return held.length;
  };
  process.on('message', (order: Order) => void obey(order).then(answer));
  process.on('disconnect', () => process.exit());
  answer(0);
}
