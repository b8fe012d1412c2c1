import { defineCheck } from '../check.ts';

const DAY_MS = 86_400_000;
/** A store that is younger has little to lose. */
const YOUNG_DAYS = 14;
const OLD_DAYS = 30;

/** One file on one disk is lost with it. */
export const storeBackups = defineCheck({
  id: 'store-backups',
  title: 'Whether there are backups, and how old they are',
  codes: {
    'store-backup-missing': { severity: 'warning', title: 'There is no backup' },
    'store-backup-old': { severity: 'info', title: 'The newest backup is old' },
  },
  symptoms: ['library-storage'],
  reach: 'here',
  needs: ['backups', 'clock'],
  run: async ({ backups, clock }) => {
    const daysSince = (atMs: number): number => Math.floor((clock.nowMs() - atMs) / DAY_MS);
    const [newestMs, sinceMs] = await Promise.all([backups.newestMs(), backups.storeSinceMs()]);
    const remedy =
      'Make one: `curl -X POST -H "Authorization: Bearer $PATCHBAY_API_KEY" "$PATCHBAY_URL/api/system/maintenance/backup"`, and copy DATA_DIR/backups to another machine.';
    const days = newestMs === undefined ? undefined : daysSince(newestMs);
    if (days !== undefined && days >= OLD_DAYS)
      return [
        {
          code: 'store-backup-old',
          subject: 'store',
          cause: `The newest backup was made ${days} days ago: what was set up since is in it nowhere.`,
          remedy,
          evidence: { newestDays: days },
        },
      ];
    const ageDays = sinceMs === undefined ? 0 : daysSince(sinceMs);
    if (days !== undefined || ageDays < YOUNG_DAYS) return [];
    return [
      {
        code: 'store-backup-missing',
        subject: 'store',
        cause: `The store is ${ageDays} days old and there is no backup of it.`,
        remedy,
        evidence: { storeDays: ageDays },
      },
    ];
  },
});
