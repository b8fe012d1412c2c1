import type { Seat, SeatRest } from '@patchbay/llm/credentials/seat';
import type { RestReason } from '@patchbay/llm/model/rest-rule';

import { defineCheck, type Found } from '../check.ts';

/** Which rests are worth a word, and which. Short ones after a failure of the provider are its business. */
const MEANINGS: Readonly<Partial<Record<RestReason, readonly [code: string, why: string, remedy: string]>>> = {
  cooldown: [
    'account-cooling-down',
    'its provider answered 429 Too Many Requests',
    'Others are used meanwhile. If it happens often, add accounts, or set limits for this one: Console → Accounts → Limits.',
  ],
  auth_failed: [
    'account-locked-out',
    'its provider refused the credentials',
    'Put a new key in its place, or sign it in again: Console → Accounts.',
  ],
  quota: [
    'account-quota-spent',
    'its allowance at the provider has run out',
    'Add credit at the provider, add another account, or wait until the allowance is renewed.',
  ],
};

/** Accounts that are left alone for a while, and why. */
export const accountRests = defineCheck({
  id: 'account-rests',
  title: 'Whether accounts rest',
  codes: {
    'account-cooling-down': { severity: 'info', title: 'An account cools down after 429' },
    'account-locked-out': { severity: 'error', title: 'An account is left alone because it was refused' },
    'account-quota-spent': { severity: 'warning', title: 'An account’s allowance has run out' },
  },
  symptoms: ['accounts-429', 'accounts-key', 'library-429', 'providers-limits'],
  reach: 'here',
  needs: ['registry', 'clock'],
  run: ({ registry, clock }) => {
    const nowMs = clock.monotonicMs();
    const found = [...registry.current().runtimes].flatMap(([provider, { pool }]) =>
      pool.seats.flatMap((seat) => seat.rests(nowMs).flatMap((rest) => restOf({ provider, seat, rest, nowMs }))),
    );
    return Promise.resolve(found);
  },
});

interface Resting {
  readonly provider: string;
  readonly seat: Seat;
  readonly rest: SeatRest;
  readonly nowMs: number;
}

function restOf({ provider, seat, rest: { model, untilMs, reason }, nowMs }: Resting): readonly Found[] {
  const meaning = MEANINGS[reason];
  const seconds = Math.ceil((untilMs - nowMs) / 1000);
  if (meaning === undefined || seconds <= 0) return [];
  const [code, why, remedy] = meaning;
  const { id: account, facts, failures } = seat;
  const who = facts.label === undefined ? account : `${facts.label} (${account})`;
  return [
    {
      code,
      subject: model === undefined ? `account ${account}` : `account ${account} model ${model}`,
      cause: `Account ${who} of ${provider} rests${model === undefined ? '' : ` for ${model}`} for another ${seconds} s, because ${why}.`,
      remedy,
      evidence: { provider, account, reason, failures, returnsInS: seconds, ...(model !== undefined && { model }) },
    },
  ];
}
