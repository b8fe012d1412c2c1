import { defineCheck, type Found } from '../check.ts';

/** A message takes a moment; more than this, in milliseconds, is the clocks. */
const CLOCK_MS = 10_000;

/** Processes that differ answer the same request differently, by chance. */
export const replicaDrift = defineCheck({
  id: 'replica-drift',
  title: 'Whether all processes are of one version and have the same settings',
  codes: {
    'replica-version-differs': { severity: 'warning', title: 'Processes of different versions serve together' },
    'replica-settings-differ': { severity: 'warning', title: 'Processes with different settings serve together' },
    'replica-clock-differs': { severity: 'warning', title: 'The clocks of processes differ' },
  },
  symptoms: ['providers-updates', 'providers-registry-behind'],
  reach: 'here',
  needs: ['replicas'],
  run: ({ replicas }) => {
    const { self } = replicas;
    const others = replicas.others();
    const found: Found[] = [];
    const versions = [...new Set([self.version, ...others.map(({ version }) => version)])].toSorted();
    if (versions.length > 1)
      found.push({
        code: 'replica-version-differs',
        subject: 'gateway',
        cause: `${others.length + 1} processes share one Redis, and they are of the versions ${versions.join(', ')}.`,
        remedy: 'Finish the rollout: restart the older ones with the newer version. During a rollout this is expected.',
        evidence: { versions: versions.join(', '), processes: others.length + 1 },
      });
    const strangers = others.filter(({ version, settings }) => version === self.version && settings !== self.settings);
    if (strangers.length > 0)
      found.push({
        code: 'replica-settings-differ',
        subject: 'gateway',
        cause: `${strangers.length} of the ${others.length} other processes of this version have other settings: some were started before a change.`,
        remedy:
          'Compare what they say at `GET /api/system/config`, give all the same environment and restart those that lag.',
        evidence: { differing: strangers.length, processes: others.length + 1 },
      });
    const late = others.find(({ aheadMs }) => Math.abs(aheadMs) > CLOCK_MS);
    if (late !== undefined)
      found.push({
        code: 'replica-clock-differs',
        subject: 'gateway',
        cause: `The clock of another process differs from ours by ${Math.round(Math.abs(late.aheadMs) / 1000)} s: tokens and sessions of one are not valid at the other.`,
        remedy: 'Switch time synchronisation on, on every machine: `timedatectl set-ntp true`.',
        evidence: { offSeconds: Math.round(late.aheadMs / 1000), process: late.id },
      });
    return Promise.resolve(found);
  },
});
