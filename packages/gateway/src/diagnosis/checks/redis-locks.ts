import { defineCheck } from '../check.ts';

/** Every lock of ours ends by itself. One that does not holds up whoever waits for it, each time as long as they wait. */
export const redisLocks = defineCheck({
  id: 'redis-locks',
  title: 'Whether locks in Redis end by themselves',
  codes: { 'redis-lock-stuck': { severity: 'warning', title: 'A lock in Redis never ends' } },
  symptoms: ['accounts-refresh', 'accounts-token-cache', 'library-refresh'],
  reach: 'here',
  needs: ['redis'],
  run: async ({ redis }) =>
    (await redis.locks.find()).map(({ key, holder }) => ({
      code: 'redis-lock-stuck',
      subject: `key ${key}`,
      cause: `${key} has no end: tokens are not renewed, or are renewed late, by whoever waits for it.`,
      remedy: `redis-cli del ${key}`,
      evidence: { key, holder: holder.slice(0, 100) },
    })),
  fixes: {
    'redis-lock-stuck': async ({ redis }, { subject }) => {
      const lock = (await redis.locks.find()).find(({ key }) => subject === `key ${key}`);
      const isDropped = lock !== undefined && (await redis.locks.drop(lock));
      if (!isDropped) return 'Somebody else has taken the lock meanwhile; it was left alone.';
      return `Took the lock away. Undo: redis-cli set ${lock.key} ${lock.holder}`;
    },
  },
});
