import { defineCheck } from '../check.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/** The password that the first start made lies in a file, to be changed. */
export const settingsFirstPassword = defineCheck({
  id: 'settings-first-password',
  title: 'Whether the first administrator has a password of their own',
  codes: {
    'settings-first-password': { severity: 'info', title: 'The password of the first start is still in force' },
  },
  symptoms: ['generation-authentication'],
  reach: 'here',
  needs: ['settings', 'firstPassword'],
  run: async ({ settings: { host, dataDir }, firstPassword }) => {
    if (!(await firstPassword())) return [];
    return [
      {
        code: 'settings-first-password',
        subject: 'gateway',
        // On one's own machine whoever can read the file can read the store.
        severity: isLoopbackHost(host) ? 'info' : 'warning',
        cause: `The first administrator still signs in with the password that the first start made, which lies in ${dataDir}/admin-password.`,
        remedy: `Change it in the console (or \`PUT /api/auth/me/password\`), then \`rm ${dataDir}/admin-password\`.`,
        evidence: { file: `${dataDir}/admin-password`, HOST: host },
      },
    ];
  },
});
