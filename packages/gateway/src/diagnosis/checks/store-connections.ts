import { defineCheck } from '../check.ts';

/** Above this share a few replicas more, or somebody's console, take the last one. */
const NEAR_SHARE = 0.9;

/** A server that is asked for one connection too many refuses it, whoever asks. */
export const storeConnections = defineCheck({
  id: 'store-connections',
  title: 'Whether the database has connections to spare',
  codes: {
    'store-connections-near-limit': { severity: 'warning', title: 'The database is nearly out of connections' },
  },
  symptoms: ['accounts-connections', 'library-connections'],
  reach: 'here',
  needs: ['storeLooker'],
  run: async ({ storeLooker }) => {
    const look = await storeLooker.look();
    if (look.kind === 'away' || look.connections === undefined) return [];
    const { used, max } = look.connections;
    if (used < max * NEAR_SHARE) return [];
    return [
      {
        code: 'store-connections-near-limit',
        subject: 'store',
        cause: `${used} of the ${max} connections that ${look.place} gives are taken.`,
        remedy:
          'See by whom: `select usename, application_name, state, count(*) from pg_stat_activity group by 1, 2, 3 order by 4 desc`; then end what idles, raise max_connections, or put a pooler before it.',
        evidence: { used, max },
      },
    ];
  },
});
