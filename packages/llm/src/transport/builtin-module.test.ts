import assert from 'node:assert/strict';
import * as files from 'node:fs/promises';
import { describe, it } from 'node:test';
import { builtinModule } from './builtin-module.ts';

describe('builtinModule', () => {
  it('gives a module of the platform', () => {
    assert.equal(builtinModule<typeof files>('node:fs/promises')?.readFile, files.readFile);
  });

  it('gives nothing where the platform has none', () => {
    assert.equal(builtinModule('node:fs/promises', {}), undefined);
    assert.equal(builtinModule('node:fs/promises', { process: {} }), undefined);
  });
});
