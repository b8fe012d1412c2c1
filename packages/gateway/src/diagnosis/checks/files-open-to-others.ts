import { defineCheck } from '../check.ts';

const shown = (mode: number): string => mode.toString(8).padStart(4, '0');

/** Keys and the store must be readable by nobody else who has an account on the machine. */
export const filesOpenToOthers = defineCheck({
  id: 'files-open-to-others',
  title: 'Whether other users of the machine can read keys and the store',
  codes: { 'files-open-to-others': { severity: 'warning', title: 'A file with secrets is open to other users' } },
  symptoms: ['library-storage'],
  reach: 'here',
  needs: ['dataFolder'],
  run: async ({ dataFolder }) => {
    const open = (await dataFolder.files()).filter(({ mode }) => (mode & 0o077) !== 0);
    // Whoever cannot enter the folder cannot reach what lies in it.
    const isShut = open.every(({ name }) => name !== '.');
    return open
      .filter(({ name }) => !isShut || name === '.')
      .map(({ name, mode }) => {
        const file = name === '.' ? dataFolder.folder : `${dataFolder.folder}/${name}`;
        const tight = mode & 0o700;
        return {
          code: 'files-open-to-others',
          subject: `file ${name}`,
          cause: `${file} may be read or written by other users of this machine (rights ${shown(mode)}).`,
          remedy: `chmod ${shown(tight)} ${file}`,
          evidence: { file, mode: shown(mode), wanted: shown(tight) },
        };
      });
  },
  fixes: {
    'files-open-to-others': async ({ dataFolder }, { subject }) => {
      const name = subject.slice('file '.length);
      const before = await dataFolder.makePrivate(name);
      return `Took others' rights away. Undo: chmod ${shown(before)} ${dataFolder.folder}/${name}`;
    },
  },
});
