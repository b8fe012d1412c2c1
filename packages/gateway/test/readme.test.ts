import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';

import { NAMED_PROVIDERS } from '../src/config/provider-settings.ts';

describe('README.md', () => {
  let text = '';
  before(async () => {
    text = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  });

  it('has every provider and its prefix in its table, and nothing else there', () => {
    const [table = ''] = /^\| Provider \| Prefix .*(?:\n\|.*)+/m.exec(text) ?? [];
    const prefixes = [...table.matchAll(/\| `([A-Z0-9_]+)`/g)].map(([, prefix]) => prefix);
    assert.equal(prefixes.length, NAMED_PROVIDERS.length);
    assert.deepEqual(new Set(prefixes), new Set(NAMED_PROVIDERS.map(({ envPrefix }) => envPrefix)));
  });

  it('counts them', () => assert.match(text, new RegExp(`\\| Providers \\| ${NAMED_PROVIDERS.length} records`)));
});
