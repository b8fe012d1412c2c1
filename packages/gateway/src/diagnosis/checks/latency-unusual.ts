import { defineCheck } from '../check.ts';
import type { SlowPace, Timed } from '../watch/pace-book.ts';

const warning = (title: string) => ({ severity: 'warning', title }) as const;

const CODES = {
  provider: 'latency-provider-slow',
  proxy: 'latency-proxy-slow',
  store: 'latency-store-slow',
  redis: 'latency-redis-slow',
} as const satisfies Readonly<Record<Timed['what'], string>>;

/** What is slow is told by its own history, because nobody knows beforehand how long anything should take. */
export const latencyUnusual = defineCheck({
  id: 'latency-unusual',
  title: 'Whether providers, proxies and stores take longer than they used to',
  codes: {
    [CODES.provider]: warning('A provider takes longer than usual'),
    [CODES.proxy]: warning('A proxy takes longer than usual'),
    [CODES.store]: { ...warning('The database takes longer than usual'), explains: [CODES.provider] },
    [CODES.redis]: warning('Redis takes longer than usual'),
  },
  symptoms: [
    'accounts-latency',
    'providers-slow',
    'providers-registry-slow',
    'generation-slow',
    'library-slow',
    'library-timeout',
  ],
  reach: 'here',
  needs: ['paces'],
  run: ({ paces }) => Promise.resolve(bySubject(paces.slower()).map(foundOf)),
});

/** One finding a provider, whichever of its models is the slowest. */
function bySubject(slow: readonly SlowPace[]): readonly SlowPace[] {
  const worst = new Map<string, SlowPace>();
  for (const pace of slow) {
    const name = `${pace.what} ${pace.id}`;
    const known = worst.get(name);
    if (known === undefined || pace.recentMs / pace.usualMs > known.recentMs / known.usualMs) worst.set(name, pace);
  }
  return [...worst.values()];
}

function foundOf({ what, id, part, recentMs, usualMs, samples, learnedMinutes }: SlowPace) {
  const [recent, usual] = [Math.round(recentMs), Math.round(usualMs)];
  const ofPart = part === undefined ? '' : ` (${part})`;
  return {
    code: CODES[what],
    subject: what === 'provider' || what === 'proxy' ? `${what} ${id}` : what,
    cause: `Half of the last ${samples} answers${ofPart} took ${recent} ms or more; ${usual} ms was usual in the ${learnedMinutes} minutes before.`,
    remedy: REMEDIES[what].replaceAll('<id>', id),
    evidence: {
      ...((what === 'provider' || what === 'proxy') && { [what]: id }),
      recentMs: recent,
      usualMs: usual,
      samples,
      learnedMinutes,
    },
  };
}

const REMEDIES: Readonly<Record<Timed['what'], string>> = {
  provider:
    'Look at the status page of <id>; name a second provider for the model (MODEL_ALIASES) so that calls can go on there, or lower TIMEOUT_FIRST_TOKEN_MS.',
  proxy: 'Try it: `POST /api/v1/proxies/<id>/check`; take it out of the pool, or give its accounts another.',
  store:
    "Look what it is busy with: `select pid, state, wait_event, query from pg_stat_activity where state <> 'idle'`, and at the load of its disk (`iostat -x 1`).",
  redis: 'Look what holds it up: `redis-cli slowlog get 10` and `redis-cli --latency`.',
};
