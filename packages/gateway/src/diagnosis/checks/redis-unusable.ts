import { defineCheck } from '../check.ts';

/** Without Redis each process counts for itself. */
export const redisUnusable = defineCheck({
  id: 'redis-unusable',
  title: 'Whether Redis answers',
  codes: {
    'redis-login-refused': {
      severity: 'error',
      title: 'Redis refuses our password',
      explains: ['redis-refuses'],
    },
    'redis-down': { severity: 'error', title: 'Redis does not answer', explains: ['redis-refuses'] },
    'redis-slow': { severity: 'warning', title: 'Redis is too slow to be asked', explains: ['latency-redis-slow'] },
    'redis-refuses': { severity: 'error', title: 'Redis refuses what it is asked' },
  },
  symptoms: ['accounts-rotation', 'accounts-token-cache', 'accounts-latency'],
  reach: 'here',
  needs: ['redis', 'clock'],
  run: ({ redis, clock }) => {
    const { where, status, why = '', sinceMs } = redis.state();
    if (where !== 'redis' || status === 'up') return Promise.resolve([]);
    const seconds = Math.max(0, Math.round((clock.nowMs() - sinceMs) / 1000));
    const [, code, remedy] = REMEDIES.find(([words]) => words.test(`${status} ${why}`)) ?? DOWN;
    return Promise.resolve([
      {
        code,
        subject: 'redis',
        cause:
          `${why} Meanwhile each process goes by its own memory: limits, rotation and cached tokens are not shared.`.trim(),
        remedy,
        evidence: { status, seconds, why },
      },
    ]);
  },
});

type Trouble = readonly [words: RegExp, code: string, remedy: string];

/** By state and reason: the code and what to do. */
const REMEDIES: readonly Trouble[] = [
  [
    /WRONGPASS|NOAUTH|NOPERM|invalid username-password|without any password/,
    'redis-login-refused',
    'Correct the password in REDIS_URL (or REDIS_PASSWORD): `redis-cli -u "$REDIS_URL" ping` must say PONG.',
  ],
  [
    /Redis refuses/,
    'redis-refuses',
    'See what it says: OOM needs a larger maxmemory, READONLY means that REDIS_URL names a replica, MISCONF that it cannot write to its disk.',
  ],
  [
    /^degraded/,
    'redis-slow',
    'Look what holds it up: `redis-cli --latency`, `redis-cli slowlog get 10`; move it nearer if the way is long.',
  ],
];

/** What is true of any Redis that is not asked. */
const DOWN: Trouble = [
  /^/,
  'redis-down',
  'Start it, or correct REDIS_URL: `redis-cli -u "$REDIS_URL" ping` must say PONG. It is used again by itself.',
];
