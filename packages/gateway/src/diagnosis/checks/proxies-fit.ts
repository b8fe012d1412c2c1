import type { ProbeFinding } from '../../egress/proxy-health.ts';
import type { PooledProxy } from '../../egress/proxy-pool.ts';
import type { MovedAccounts } from '../ports.ts';
import { defineCheck, type Found } from '../check.ts';
import { sideBySide } from '../side-by-side.ts';

/** Longest wait for one proxy, in milliseconds; one that takes longer is as good as none. */
const PROBE_MS = 6000;
const AT_ONCE = 16;

const MEANINGS: Readonly<Record<Exclude<ProbeFinding, 'well'> | 'slow', readonly [code: string, why: string]>> = {
  unreachable: ['proxy-dead', 'takes no connection'],
  slow: ['proxy-dead', `did not answer within ${PROBE_MS / 1000} s`],
  faulty: ['proxy-refuses', 'takes connections and refuses to carry them: its user, its password, or its own fault'],
  'no-way-out': ['proxy-leads-nowhere', 'answers, and cannot reach where its accounts lead'],
};

const explains = ['accounts-without-way', 'calls-cannot-connect', 'calls-time-out'];

/** Accounts whose proxy is dead cannot be used, and nobody goes out by another way. */
export const proxiesFit = defineCheck({
  id: 'proxies-fit',
  title: 'Whether proxies carry what is sent through them',
  codes: {
    'proxy-dead': { severity: 'error', title: 'A proxy cannot be reached', explains },
    'proxy-refuses': { severity: 'error', title: 'A proxy refuses to carry', explains },
    'proxy-leads-nowhere': { severity: 'warning', title: 'A proxy cannot reach the provider' },
  },
  symptoms: ['accounts-proxy', 'accounts-latency', 'integration-connectivity', 'library-network'],
  reach: 'network',
  needs: ['proxies', 'clock'],
  run: async ({ proxies, clock }, signal) => {
    const found: Found[] = [];
    const probe = async (proxy: PooledProxy): Promise<void> => {
      const late = clock.sleep(PROBE_MS, signal).then(() => 'slow' as const);
      found.push(...judged(proxy, await Promise.race([proxies.probe(proxy), late])));
    };
    const active = proxies.all().filter(({ isActive }) => isActive);
    await sideBySide(active, probe, { atOnce: AT_ONCE, clock, signal });
    return found;
  },
  fixes: {
    'proxy-dead': async ({ proxies }, { subject }) => {
      const id = subject.slice('proxy '.length);
      const moved = await proxies.moveFromDead(id);
      return moved === undefined ? 'It takes connections again; nothing was changed.' : sentenceOf(id, moved);
    },
  },
});

/** Accounts whose way back is written out one by one. */
const TOLD_MAX = 20;

function sentenceOf(id: string, { moves, stranded }: MovedAccounts): string {
  const rest =
    stranded === 0 ? '' : ` ${counted(stranded)} found no other with room and rest${stranded === 1 ? 's' : ''}.`;
  const done = `Took proxy ${id} out until it answers again; ${counted(moves.length)} got another.${rest}`;
  if (moves.length === 0) return done;
  const back = moves
    .slice(0, TOLD_MAX)
    .map(({ accountId, from }) => `PUT /api/v1/accounts/${accountId} {"proxy_id":${from ?? 'null'}}`);
  return `${done} Undo: ${back.join('; ')}${moves.length > TOLD_MAX ? `; and ${moves.length - TOLD_MAX} more` : ''}`;
}

const counted = (accounts: number): string => `${accounts} account${accounts === 1 ? '' : 's'}`;

function judged({ id, address, health }: PooledProxy, probed: ProbeFinding | 'slow'): readonly Found[] {
  if (probed === 'well') return [];
  const [code, why] = MEANINGS[probed];
  const place = `${address.hostname}:${address.port}`;
  return [
    {
      code,
      subject: `proxy ${id}`,
      cause: `The proxy ${place} ${why}.`,
      remedy: `Try it by hand: \`curl -x ${address.protocol}://${place} -sS -o /dev/null -w '%{http_code}' https://example.com\`. Then mend it, or move its accounts: \`POST /api/v1/proxies/recalculate\`.`,
      evidence: {
        proxy: id,
        host: address.hostname,
        port: address.port,
        status: health.status,
        failures: health.consecutiveFailures,
      },
    },
  ];
}
