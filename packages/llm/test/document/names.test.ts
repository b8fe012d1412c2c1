import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
import { NAMES } from './names.ts';

describe('Documented names', () => {
  it('are exported, or something that is said stands in their place', async () => {
    const reference = await readFile(new URL('../../../../docs/sdk/reference.md', import.meta.url), 'utf8');
    for (const [documented, ours, instead = ''] of NAMES) {
      const isThere = ours !== undefined && (ours in kit || reference.includes(`### ${ours}\n`));
      assert.ok(ours === undefined ? instead !== '' : isThere, documented);
    }
  });
});
