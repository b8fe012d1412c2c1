import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

// @ts-expect-error: scripts are plain JavaScript that any Node.js can begin with.
import { soak } from '../../../../scripts/doctor-soak.mjs';

describe('a healthy gateway with traffic', () => {
  it('has nothing found on it', { timeout: 120_000 }, async () => {
    const { calls, failed, looks, findings } = await soak({ seconds: 5, everyS: 1.2, workers: 2 });
    assert.deepEqual(findings, []);
    assert.ok(calls > 20 && looks >= 3, `${calls} calls, ${looks} looks`);
    assert.equal(failed, 0);
  });
});
