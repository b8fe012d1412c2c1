import { defineCheck } from '../check.ts';

/** What the code is written for and tried on. */
const LEAST = [24, 15] as const;

/** An older runtime lacks what the code relies on. */
export const releaseRuntime = defineCheck({
  id: 'release-runtime',
  title: 'Whether the runtime is new enough',
  codes: { 'release-runtime-old': { severity: 'error', title: 'Node.js is older than is supported' } },
  symptoms: ['generation-start', 'accounts-crashes'],
  reach: 'here',
  needs: ['runtimeVersion'],
  run: ({ runtimeVersion }) => {
    const [major = 0, minor = 0] = runtimeVersion.split('.').map(Number);
    if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return Promise.resolve([]);
    return Promise.resolve([
      {
        code: 'release-runtime-old',
        subject: 'gateway',
        cause: `This is Node.js ${runtimeVersion}; Patchbay is made for ${LEAST.join('.')} and later.`,
        remedy: 'Start it with `npm start`, which brings the right one along, or install Node.js 24.15 or later.',
        evidence: { version: runtimeVersion, least: LEAST.join('.') },
      },
    ]);
  },
});
