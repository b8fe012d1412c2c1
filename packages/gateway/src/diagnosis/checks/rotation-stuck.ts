import type { LoggedCall } from '../../storage/repositories/call-reader.ts';
import { defineCheck, type Found } from '../check.ts';

/** Calls of the log that are looked at, and how many in a row by one account are no accident. */
const LATEST = 500;
const IN_A_ROW = 10;
const WINDOW_MS = 15 * 60_000;

/** Accounts take turns; where one takes them all, the others' allowance is wasted. */
export const rotationStuck = defineCheck({
  id: 'rotation-stuck',
  title: 'Whether accounts take turns',
  codes: {
    'rotation-stuck': { severity: 'warning', title: 'One account of several is used again and again' },
    'rotation-counter-lost': { severity: 'info', title: 'The count by which accounts take turns was lost' },
  },
  symptoms: ['accounts-rotation', 'library-rotation'],
  reach: 'here',
  needs: ['registry', 'calls', 'turns', 'coordination', 'clock'],
  run: async ({ registry, calls, turns, coordination, clock }) => {
    const fromMs = Math.max(clock.nowMs() - WINDOW_MS, turns.sinceMs);
    const recent = await calls.page({ limit: LATEST, fromMs });
    const { runtimes } = registry.current();
    const found: Found[] = [];
    for (const [name, rows] of Map.groupBy(
      recent.filter(isFirst),
      ({ providerId, model }) => `${providerId}/${model}`,
    )) {
      const [{ providerId = '', model = '' } = {}] = rows;
      const pool = runtimes.get(providerId)?.pool;
      if (pool === undefined || pool.size < 2) continue;
      const named = { subject: `model ${name}`, evidence: { provider: providerId, model, calls: rows.length } };
      const fit = pool.seats.filter((seat) => seat.isUsable(model, clock.monotonicMs()) && pool.hasWay(seat));
      const stuck = stuckAt(rows);
      if (stuck !== undefined && fit.some(({ id }) => id !== stuck))
        found.push({
          ...named,
          code: 'rotation-stuck',
          cause: `The last ${Math.min(rows.length, LATEST)} calls of ${name} all went through account ${stuck}, though ${fit.length} accounts are fit.`,
          remedy: `See what decides: \`POST /api/v1/explain\` with {"model":"${name}"}. Long conversations stay with their account; \`PUT /api/v1/account-policies/${providerId}\` with {"policy":"round-robin"}, or the page of accounts, makes all of them take turns.`,
          evidence: { ...named.evidence, account: stuck, fit: fit.length },
        });
      if (coordination().where !== 'redis' || coordination().status !== 'up') continue;
      const taken = await turns.taken(providerId, model);
      if (taken >= rows.length) continue;
      found.push({
        ...named,
        code: 'rotation-counter-lost',
        cause: `Redis counts ${taken} choices for ${name}, the log ${rows.length} since then: the keys \`account:rr:*\` were deleted, flushed or evicted.`,
        remedy:
          'Nothing is lost but the turn. Do not flush this database; if memory is short, look at `redis-cli CONFIG GET maxmemory-policy` and choose noeviction.',
        evidence: { ...named.evidence, counted: taken },
      });
    }
    return found;
  },
});

/** First attempts that chose freely: retries avoid the account that failed. */
const isFirst = ({ attempt, accountId, providerId, model, switchedFromAccountId }: LoggedCall): boolean =>
  attempt === 1 &&
  accountId !== undefined &&
  providerId !== undefined &&
  model !== undefined &&
  switchedFromAccountId === undefined;

/** The account of all of these calls, where they are enough to tell. */
function stuckAt(rows: readonly LoggedCall[]): string | undefined {
  const [first] = rows;
  return rows.length >= IN_A_ROW && rows.every(({ accountId }) => accountId === first?.accountId)
    ? first?.accountId
    : undefined;
}
