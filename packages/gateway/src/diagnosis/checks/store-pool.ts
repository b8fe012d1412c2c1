import { defineCheck } from '../check.ts';

/** A queue that is gone at the second look was a burst, in milliseconds. */
const AGAIN_MS = 150;

/** When every connection is taken for long, whoever asks the store waits. */
export const storePool = defineCheck({
  id: 'store-pool',
  title: 'Whether statements wait for a connection',
  codes: { 'store-pool-exhausted': { severity: 'warning', title: 'Statements wait for a connection to the database' } },
  symptoms: ['library-connections', 'accounts-connections'],
  reach: 'here',
  needs: ['storePool', 'clock'],
  run: async ({ storePool: pool, clock }, signal) => {
    for (let look = 0; look < 3; look += 1) {
      const { open, waiting, max } = pool();
      if (open < max || waiting === 0) return [];
      await clock.sleep(AGAIN_MS, signal);
    }
    const { waiting, max } = pool();
    return [
      {
        code: 'store-pool-exhausted',
        subject: 'store',
        cause: `All ${max} connections of this process are taken and ${waiting} statements wait for one.`,
        remedy:
          "See what takes so long: `select pid, state, now() - query_start, query from pg_stat_activity where application_name = 'patchbay'`, and end what blocks with `select pg_terminate_backend(<pid>)`.",
        evidence: { waiting, max },
      },
    ];
  },
});
