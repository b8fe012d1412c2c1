import { defineCheck } from '../check.ts';

const MIB = 1024 * 1024;
/** Below this the store may fail at its next write. */
const FULL_BYTES = 64 * MIB;
/** Below this there is not enough for a busy day's log. */
const LOW_BYTES = 1024 * MIB;
/** A large disk is not low at a gigabyte alone, a small one is long before. */
const LOW_SHARE = 0.05;

/** A full disk stops the store, the log and every backup at once. */
export const diskSpace = defineCheck({
  id: 'disk-space',
  title: 'Whether the disk of the data folder has room',
  codes: {
    'disk-full': { severity: 'error', title: 'The disk of the data folder is full' },
    'disk-low': { severity: 'warning', title: 'The disk of the data folder is nearly full' },
  },
  symptoms: ['accounts-logs', 'library-storage'],
  reach: 'here',
  needs: ['dataFolder'],
  run: async ({ dataFolder }) => {
    const { freeBytes, totalBytes, freeFiles } = await dataFolder.space();
    const isFull = freeBytes < FULL_BYTES || freeFiles === 0;
    const isLow = freeBytes < LOW_BYTES && freeBytes < totalBytes * LOW_SHARE;
    if (!isFull && !isLow) return [];
    return [
      {
        code: isFull ? 'disk-full' : 'disk-low',
        subject: 'gateway',
        cause: `${Math.floor(freeBytes / MIB)} MiB of ${Math.floor(totalBytes / MIB)} MiB are free where ${dataFolder.folder} lies.`,
        remedy: `Free room (\`du -sh ${dataFolder.folder}/*\` shows what is large), keep calls for fewer days with LOG_RETENTION_DAYS, or move DATA_DIR to a larger disk.`,
        evidence: { folder: dataFolder.folder, freeBytes, totalBytes, freeFiles },
      },
    ];
  },
});
