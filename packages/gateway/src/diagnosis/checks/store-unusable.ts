import type { StoreAway, StoreTrouble } from '../../storage/looks/store-look.ts';
import { defineCheck, type Found } from '../check.ts';

/** What follows from a store that cannot be used is not told beside it. */
const EFFECTS = [
  'check-failed',
  'log-writer-behind',
  'log-calls-dropped',
  'latency-store-slow',
  'registry-behind',
] as const;

const error = (title: string, more: readonly string[] = []) =>
  ({ severity: 'error', title, explains: [...EFFECTS, ...more] }) as const;

/** Without its store nothing new is known, written down or signed in to. */
export const storeUnusable = defineCheck({
  id: 'store-unusable',
  title: 'Whether the store can be read and written',
  codes: {
    'store-unreachable': error('The database cannot be reached'),
    'store-silent': error('The database does not answer in time'),
    'store-login-refused': error('The database refuses our user or password'),
    'store-database-missing': error('The database server has no such database'),
    'store-connections-exhausted': error('The database server has no connection left'),
    'store-locked': error('Another program holds the store'),
    'store-read-only': error('The store takes no rows'),
    'store-damaged': error('The file of the store is damaged'),
    'store-full': error('The store has no room left', ['disk-full']),
    'store-unreadable': error('The store cannot be opened'),
  },
  symptoms: ['providers-database', 'accounts-connections', 'generation-start', 'library-storage'],
  reach: 'here',
  needs: ['storeLooker'],
  run: async ({ storeLooker }) => {
    const look = await storeLooker.look();
    if (look.kind === 'away') return [awayFound(look)];
    const { place, engine, readOnly } = look;
    const found: Found[] = [];
    if (readOnly !== undefined)
      found.push({
        code: 'store-read-only',
        subject: 'store',
        cause: `${place} takes no rows: ${readOnly}.`,
        remedy: 'Name the primary in DATABASE_URL, or run `alter database … set default_transaction_read_only = off`.',
        evidence: { place, engine, why: readOnly },
      });
    const damage = await storeLooker.damage();
    if (damage.length > 0) found.push(damaged(place, damage.join('; ')));
    return found;
  },
});

function awayFound({ place, engine, trouble, why }: StoreAway): Found {
  if (trouble === 'damaged') return damaged(place, why);
  const [code, cause, remedy] = TROUBLES[trouble];
  const remedyHere = engine === 'sqlite' ? remedy.sqlite : remedy.postgres;
  return {
    code,
    subject: 'store',
    cause: `${place} ${cause} (${why}).`,
    remedy: remedyHere,
    evidence: { place, engine, why },
  };
}

const damaged = (place: string, why: string): Found => ({
  code: 'store-damaged',
  subject: 'store',
  cause: `${place} is damaged: ${why.slice(0, 300)}.`,
  remedy: `Stop the gateway, then \`sqlite3 ${place} .recover | sqlite3 ${place}.recovered\`, and put that file or a backup in its place.`,
  evidence: { place, why: why.slice(0, 300) },
});

interface Remedies {
  readonly sqlite: string;
  readonly postgres: string;
}

const same = (text: string): Remedies => ({ sqlite: text, postgres: text });
const RIGHTS = 'Let the user who runs Patchbay read and write DATA_DIR: `chown -R "$USER" "$DATA_DIR"`.';
const RUNS =
  'Look whether PostgreSQL runs there: `pg_isready -d "$DATABASE_URL"`. If it does, correct host and port in DATABASE_URL.';

/** By trouble: the code, the cause's words after the place, and the remedy. */
const TROUBLES: Readonly<
  Record<Exclude<StoreTrouble, 'damaged'>, readonly [code: string, cause: string, remedy: Remedies]>
> = {
  unreachable: ['store-unreachable', 'cannot be reached', same(RUNS)],
  silent: [
    'store-silent',
    'takes connections but does not answer',
    same(
      'Look what holds it up: `select pid, state, wait_event, query from pg_stat_activity`. It may be starting: wait a minute.',
    ),
  ],
  login: [
    'store-login-refused',
    'does not know our user and password',
    same('Correct user and password in DATABASE_URL; try them with `psql "$DATABASE_URL" -c "select 1"`.'),
  ],
  'no-database': [
    'store-database-missing',
    'does not exist',
    same('Make it: `createdb <name>`, or correct the name in DATABASE_URL.'),
  ],
  'no-connection-left': [
    'store-connections-exhausted',
    'has given all its connections away',
    same('Raise max_connections, put a pooler before it, or run fewer replicas: each takes up to 11 connections.'),
  ],
  locked: [
    'store-locked',
    'is held by another program',
    { sqlite: 'Look who holds it: `fuser -v "$DATA_DIR"/patchbay.db*`, and end that program.', postgres: RUNS },
  ],
  'read-only': [
    'store-read-only',
    'takes no rows',
    {
      sqlite:
        'Mount its file system for writing (`mount -o remount,rw <folder>`), or name a DATA_DIR that can be written.',
      postgres: RUNS,
    },
  ],
  full: [
    'store-full',
    'has no room left',
    same('Free room on its disk; keep calls for fewer days with LOG_RETENTION_DAYS.'),
  ],
  unreadable: ['store-unreadable', 'cannot be opened', { sqlite: RIGHTS, postgres: RUNS }],
  unknown: ['store-unreadable', 'cannot be used', { sqlite: RIGHTS, postgres: RUNS }],
};
