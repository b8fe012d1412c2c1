import { defineCheck } from '../check.ts';

/** A statement that runs for seconds holds locks that others wait for. */
export const storeQueriesSlow = defineCheck({
  id: 'store-queries-slow',
  title: 'Whether statements have been running for long',
  codes: { 'store-query-slow': { severity: 'warning', title: 'A statement has been running for long' } },
  symptoms: ['accounts-queries', 'accounts-latency', 'providers-slow'],
  reach: 'here',
  needs: ['storeLooker'],
  run: async ({ storeLooker }) => {
    const look = await storeLooker.look();
    if (look.kind === 'away') return [];
    return look.slow.map(({ pid, seconds, state, text, blockedBy }) => {
      const idles = state !== 'active';
      const why = blockedBy.length > 0 ? `; it waits for process ${blockedBy.join(', ')}` : '';
      return {
        code: 'store-query-slow',
        subject: `statement of process ${pid}`,
        cause: idles
          ? `A transaction has done nothing for ${seconds} s and keeps its locks: its program does not end it.`
          : `It has been running for ${seconds} s${why}.`,
        remedy: `Look at it with \`select * from pg_stat_activity where pid = ${pid}\`, end it with \`select pg_terminate_backend(${blockedBy[0] ?? pid})\`, and run \`analyze\` if its table has grown.`,
        evidence: {
          pid,
          seconds,
          state,
          statement: text,
          ...(blockedBy.length > 0 && { blockedBy: blockedBy.join(', ') }),
        },
      };
    });
  },
});
