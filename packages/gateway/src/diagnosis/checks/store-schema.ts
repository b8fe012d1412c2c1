import { defineCheck, type Found } from '../check.ts';

/** A program and its tables must be of one version. */
export const storeSchema = defineCheck({
  id: 'store-schema',
  title: 'Whether the tables are those of this version',
  codes: {
    'store-migrations-pending': { severity: 'error', title: 'The tables are older than the program' },
    'store-newer-than-program': { severity: 'error', title: 'The tables are newer than the program' },
    'store-tables-missing': { severity: 'error', title: 'Tables are gone', explains: ['check-failed'] },
  },
  symptoms: ['providers-migrations', 'providers-database'],
  reach: 'here',
  needs: ['storeLooker'],
  run: async ({ storeLooker }) => {
    const look = await storeLooker.look();
    if (look.kind === 'away') return [];
    const { place, pending, unknown, missingTables, engine } = look;
    const found: Found[] = [];
    const backUp = engine === 'sqlite' ? `cp ${place} ${place}.before` : 'pg_dump "$DATABASE_URL" > before.sql';
    if (pending.length > 0)
      found.push({
        code: 'store-migrations-pending',
        subject: 'store',
        cause: `${place} lacks ${pending.length} ${pending.length === 1 ? 'change' : 'changes'} of the tables, ${pending[0]} first: it was restored from an older backup, or a start was broken off.`,
        remedy: `Stop the gateway, keep a copy (\`${backUp}\`) and start it again: it brings the tables up to date, all of them or none.`,
        evidence: { place, pending: pending.join(', ') },
      });
    if (unknown.length > 0)
      found.push({
        code: 'store-newer-than-program',
        subject: 'store',
        cause: `${place} was written by a newer Patchbay: it has ${unknown.join(', ')}.`,
        remedy: 'Start that newer version, or restore a backup from before it.',
        evidence: { place, unknown: unknown.join(', ') },
      });
    if (missingTables.length > 0)
      found.push({
        code: 'store-tables-missing',
        subject: 'store',
        cause: `${place} says that its tables were made, but ${missingTables.join(', ')} ${missingTables.length === 1 ? 'is' : 'are'} gone: somebody has dropped them, or a copy was cut short.`,
        remedy: 'Stop the gateway and restore a backup of the database.',
        evidence: { place, missing: missingTables.join(', ') },
      });
    return found;
  },
});
