import { defineCheck, type Found } from '../check.ts';
import type { DateSource } from '../watch/clock-sources.ts';

/** Signatures and tokens bear about five minutes; half a minute is more than any server that keeps time is off. */
const SKEWED_MS = 30_000;
const GRAVE_MS = 240_000;

/** A clock that is off makes tokens invalid before they are, or signatures that nobody takes. */
export const clockSkewed = defineCheck({
  id: 'clock-skewed',
  title: 'Whether the clock of this machine is right',
  codes: {
    'clock-skewed': {
      severity: 'warning',
      title: 'The clock of this machine is off',
      explains: ['clock-of-other-skewed'],
    },
    'clock-of-other-skewed': { severity: 'warning', title: 'The clock of another server is off' },
  },
  symptoms: ['library-token-expired', 'integration-authentication'],
  reach: 'network',
  needs: ['dates'],
  run: async ({ dates }) => {
    const sources = await dates();
    const off = sources.filter(({ aheadMs, giveOrTakeMs }) => Math.abs(aheadMs) - giveOrTakeMs > SKEWED_MS);
    if (off.length === 0) return [];
    // Where most of the others agree that we are off, we are; one that stands alone may be off itself.
    const isOurs = off.length > sources.length / 2 && agree(off);
    return isOurs ? [ours(off)] : off.map(theirs);
  },
});

const agree = (sources: readonly DateSource[]): boolean => {
  const all = sources.map(({ aheadMs }) => aheadMs);
  return Math.max(...all) - Math.min(...all) < SKEWED_MS;
};

const secondsOf = (ms: number): number => Math.round(Math.abs(ms) / 1000);

function ours(sources: readonly DateSource[]): Found {
  const aheadMs = sources.map((each) => each.aheadMs).toSorted((one, other) => one - other)[sources.length >> 1] ?? 0;
  const names = sources.map(({ name }) => name).join(', ');
  const alone = sources.length === 1 ? ` Or the one of ${names} is off: there is no other to compare with.` : '';
  return {
    code: 'clock-skewed',
    subject: 'gateway',
    ...(Math.abs(aheadMs) > GRAVE_MS && { severity: 'error' }),
    cause: `It is ${secondsOf(aheadMs)} s ${aheadMs > 0 ? 'behind' : 'ahead of'} ${names}.${alone}`,
    remedy:
      'Switch time synchronisation on: `timedatectl set-ntp true`, and look at `chronyc tracking` or `timedatectl timesync-status`.',
    evidence: { offSeconds: -Math.round(aheadMs / 1000), comparedWith: names },
  };
}

const theirs = ({ name, aheadMs }: DateSource): Found => ({
  code: 'clock-of-other-skewed',
  subject: name,
  cause: `Its clock is ${secondsOf(aheadMs)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's, which agrees with the others.`,
  remedy:
    'Have whoever runs it switch time synchronisation on; until then its tokens and limits end at the wrong time.',
  evidence: { source: name, offSeconds: Math.round(aheadMs / 1000) },
});
