import { defineCheck } from '../check.ts';

const DAY_MS = 86_400_000;
/** It runs every hour; so many days late it does not run at all. */
const LATE_DAYS = 2;

/** A log that is never tidied grows until the disk is full. */
export const storeRetention = defineCheck({
  id: 'store-retention',
  title: 'Whether old calls are taken away',
  codes: { 'store-retention-stalled': { severity: 'warning', title: 'Calls are kept longer than they should be' } },
  symptoms: ['accounts-queries', 'accounts-logs'],
  reach: 'here',
  needs: ['storeLooker', 'settings', 'clock'],
  run: async ({ storeLooker, settings: { logRetentionDays }, clock }) => {
    const look = await storeLooker.look();
    if (look.kind === 'away' || look.oldestCallMs === undefined || logRetentionDays === 0) return [];
    const days = Math.floor((clock.nowMs() - look.oldestCallMs) / DAY_MS);
    if (days < logRetentionDays + LATE_DAYS) return [];
    return [
      {
        code: 'store-retention-stalled',
        subject: 'store',
        cause: `The log still has calls that are ${days} days old; LOG_RETENTION_DAYS is ${logRetentionDays}. What takes them away runs every hour and at the start, and has failed since.`,
        remedy:
          'Look for “the store could not be used” in the log of the gateway, then restart it: it tidies up at the start.',
        evidence: { oldestDays: days, LOG_RETENTION_DAYS: logRetentionDays },
      },
    ];
  },
});
