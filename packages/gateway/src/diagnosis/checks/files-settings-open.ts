import { defineCheck } from '../check.ts';

const shown = (mode: number): string => mode.toString(8).padStart(4, '0');

/** A key in a file that everybody may read is everybody's key. */
export const filesSettingsOpen = defineCheck({
  id: 'files-settings-open',
  title: 'Whether other users of the machine can read secrets in the settings',
  codes: {
    'files-settings-open': { severity: 'warning', title: 'A file of settings with secrets is open to other users' },
  },
  symptoms: ['library-storage', 'library-configuration'],
  reach: 'here',
  needs: ['settingsFiles'],
  run: async ({ settingsFiles }) =>
    (await settingsFiles.all())
      .filter(({ mode, hasSecrets, isReachable }) => (mode & 0o077) !== 0 && hasSecrets && isReachable)
      .map(({ file, mode }) => ({
        code: 'files-settings-open',
        subject: `file ${file}`,
        cause: `${file} has secrets in it and may be read or written by other users of this machine (rights ${shown(mode)}).`,
        remedy: `chmod ${shown(mode & 0o700)} ${file}`,
        evidence: { file, mode: shown(mode), wanted: shown(mode & 0o700) },
      })),
  fixes: {
    'files-settings-open': async ({ settingsFiles }, { subject }) => {
      const file = subject.slice('file '.length);
      const before = await settingsFiles.makePrivate(file);
      return `Took others' rights away. Undo: chmod ${shown(before)} ${file}`;
    },
  },
});
