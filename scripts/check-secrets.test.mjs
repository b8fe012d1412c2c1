import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { secretsIn } from './check-secrets.mjs';

// Put together here, so that this file does not hold what it looks for.
const letters = 'q7Zt'.repeat(12);
const shaped = [
  `sk-proj-${letters}`,
  `sk-ant-${'api03-'}${letters}`,
  `AIza${letters.slice(0, 35)}`,
  `AKIA${'Q7ZT'.repeat(4)}`,
  `pb_q7ztq7zt_${letters}`,
];

describe('the secret scan', () => {
  it('finds the shapes of real keys and says the line, not the key', () => {
    for (const key of shaped) {
      const [found] = secretsIn(`first\nkey = "${key}"\n`);
      assert.equal(found?.line, 2, key.slice(0, 7));
      assert.ok(!JSON.stringify(found).includes(key));
    }
  });

  it('leaves canaries and ordinary text alone', () => {
    assert.deepEqual(secretsIn(`sk-${'canary-'.repeat(6)} sk-short sk-1234 the pb_<id>_<secret> form`), []);
  });
});
