import { defineCheck, type Found } from '../check.ts';

const FULL_SHARE = 0.9;

/** What was counted is only worth something while it is kept. */
export const redisKeys = defineCheck({
  id: 'redis-keys',
  title: 'Whether Redis keeps what it is given',
  codes: {
    'redis-flushed': { severity: 'warning', title: 'The keys in Redis are gone' },
    'redis-evicts': { severity: 'warning', title: 'Redis throws keys away when it is full' },
    'redis-full': { severity: 'error', title: 'Redis is nearly full' },
    'redis-clients-near-limit': { severity: 'warning', title: 'Redis is nearly out of connections' },
  },
  symptoms: ['accounts-rotation', 'accounts-token-cache', 'library-rotation'],
  reach: 'here',
  needs: ['redis'],
  run: async ({ redis }) => {
    const facts = await redis.facts();
    if (facts === undefined) return [];
    const found: Found[] = [];
    const { lost, maxBytes, usedBytes, policy, evictedKeys, clients, clientsMax } = facts;
    if (lost !== undefined) {
      const minutes = Math.floor(lost.agoMs / 60_000);
      found.push({
        code: 'redis-flushed',
        subject: 'redis',
        cause: `${lost.how === 'flushed' ? 'Somebody has emptied Redis' : 'Redis was started again without its data'} ${minutes === 0 ? 'less than a minute' : `${minutes} minutes`} ago: rotation, limits and cached tokens begin anew.`,
        remedy:
          'Nothing needs repair. Keep other programs from it (`redis-cli config get databases`, a database or server of its own), and switch persistence on: `redis-cli config set appendonly yes`.',
        evidence: { how: lost.how, minutesAgo: minutes },
      });
    }
    const isBounded = maxBytes > 0;
    const memory = { usedBytes, maxBytes, policy, evictedKeys };
    if (isBounded && policy !== 'noeviction')
      found.push({
        code: 'redis-evicts',
        subject: 'redis',
        cause: `Its maxmemory-policy is ${policy}${evictedKeys > 0 ? `, and it has thrown ${evictedKeys} keys away` : ''}: limits and rotation may forget what they counted.`,
        remedy: 'redis-cli config set maxmemory-policy noeviction',
        evidence: memory,
      });
    if (isBounded && policy === 'noeviction' && usedBytes > maxBytes * FULL_SHARE)
      found.push({
        code: 'redis-full',
        subject: 'redis',
        cause: `It uses ${usedBytes} of ${maxBytes} bytes and will refuse writes when it is full.`,
        remedy: `redis-cli config set maxmemory ${maxBytes * 2}, or move what others keep there: \`redis-cli --bigkeys\`.`,
        evidence: memory,
      });
    if (clientsMax > 0 && clients > clientsMax * FULL_SHARE)
      found.push({
        code: 'redis-clients-near-limit',
        subject: 'redis',
        cause: `${clients} of ${clientsMax} connections are taken.`,
        remedy: `See by whom: \`redis-cli client list\`; raise the limit: \`redis-cli config set maxclients ${clientsMax * 2}\`.`,
        evidence: { clients, clientsMax },
      });
    return found;
  },
});
