import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { TargetHealth } from './target-health.ts';

const TARGET = { providerId: 'openai', model: 'gpt-4' };
const after = (code: string): boolean => {
  const health = new TargetHealth(systemClock);
  for (let call = 0; call < 100; call += 1) health.report(TARGET, { kind: 'network', code, message: '' });
  return health.admits(TARGET);
};

describe('health of a target', () => {
  it('goes down with connections that fail again and again', () => assert.equal(after('ECONNREFUSED'), false));

  it('is not for faults of the proxy before it', () => assert.equal(after('PROXY_ECONNREFUSED'), true));
});
