import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

import { CHECKS } from './index.ts';

describe('the list of checks', () => {
  it('has every file of the folder, in order', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter((name) => !/^index\.|\.test\.ts$/.test(name));
    assert.deepEqual(
      CHECKS.map(({ id }) => `${id}.ts`),
      files.toSorted(),
    );
  });

  it('gives each code to one check, without the name of a subject, in kebab-case', () => {
    const codes = CHECKS.flatMap((check) => Object.keys(check.codes));
    assert.deepEqual(codes, [...new Set(codes)]);
    for (const code of codes) assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)+$/);
  });

  it('explains and mends only what is found somewhere', () => {
    // The examination itself finds that a check could not be made.
    const codes = new Set(['check-failed', ...CHECKS.flatMap((check) => Object.keys(check.codes))]);
    for (const check of CHECKS) {
      for (const { explains = [] } of Object.values(check.codes))
        for (const code of explains) assert.ok(codes.has(code), `${check.id} explains ${code}, which nobody finds`);
      for (const code of check.fixable)
        assert.ok(code in check.codes, `${check.id} mends ${code}, which it never finds`);
    }
  });
});
