import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/** Columns that came after those whose changes are told. */
const LATER = 'capture, switched_off_by, older_key_hash, older_key_ends_at';

/** Changes of keys are told whichever of their columns they are made in: other processes go by them, too. */
export const tellOfAllOfKeys: Migration = {
  up: (database: Kysely<unknown>) =>
    runStatements(database, {
      postgres: [
        `create constraint trigger api_keys_changed_later after update of ${LATER} on api_keys
          deferrable initially deferred for each row execute function patchbay_count_change()`,
      ],
      sqlite: [
        `create trigger api_keys_update_counted_later after update of ${LATER} on api_keys
          begin update table_versions set version = version + 1 where name = 'api_keys'; end`,
      ],
    }),
};
