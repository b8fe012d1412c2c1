import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import type { Failure } from '@patchbay/llm/model/failure';

import type { AttemptRecord } from '../telemetry/call-record.ts';
import { noteFailure } from './note-failure.ts';

function noted(failure: Failure, ...secrets: readonly string[]): AttemptRecord {
  const record: AttemptRecord = {
    number: 1,
    providerId: 'openai',
    accountId: 'openai-1',
    model: 'gpt-5',
    startedAtMs: 0,
    latencyMs: 0,
    state: 'failed',
  };
  noteFailure(
    record,
    failure,
    secrets.map((each) => new Secret(each)),
  );
  return record;
}

describe('why a try failed', () => {
  it('is written by its kind and by what was said', () => {
    const { error, said, failureKind, failurePhase } = noted({
      kind: 'rate-limit',
      code: 'rate_limit_exceeded',
      message: 'Rate limit reached for gpt-5:\n  Limit 10000, Used 9800.',
    });
    assert.deepEqual(
      [error, said, failureKind, failurePhase],
      [
        'rate-limit (rate_limit_exceeded)',
        'Rate limit reached for gpt-5: Limit 10000, Used 9800.',
        'rate-limit',
        undefined,
      ],
    );
    assert.deepEqual(noted({ kind: 'timeout', phase: 'idle', message: '' }).said, undefined);
    assert.equal(noted({ kind: 'timeout', phase: 'idle', message: 'Slow.' }).failurePhase, 'idle');
  });

  it('shows neither what presented the account nor any other key', () => {
    const message = 'Incorrect API key provided: an-odd-canary-key. Not sk-canary-0123456789abcdef either.';
    const { said = '' } = noted({ kind: 'authentication', message }, 'an-odd-canary-key');
    assert.match(said, /^Incorrect API key provided/);
    assert.doesNotMatch(said, /canary/);
  });

  it('is short, however much was said, and hides a key that begins where it ends', () => {
    const { said = '' } = noted({
      kind: 'upstream',
      message: `${'x'.repeat(290)} sk-canary-0123456789abcdef ${'y'.repeat(5000)}`,
    });
    assert.ok(said.length === 300 && said.endsWith('…'), said);
    assert.doesNotMatch(said, /canary/);
  });
});
