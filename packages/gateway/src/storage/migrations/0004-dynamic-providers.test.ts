import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { DYNAMIC_PROVIDERS_SQL } from './0004-dynamic-providers.ts';

const FILE = '../../../../../interface/backend/src/migrations/20250210120000_create_dynamic_providers.sql';

describe('the SQL file for psql', () => {
  it('makes what the gateway makes, in one transaction', async () => {
    const text = await readFile(new URL(FILE, import.meta.url), 'utf8');
    assert.ok(text.endsWith(`\nbegin;\n${DYNAMIC_PROVIDERS_SQL}\ncommit;\n`));
  });
});
