import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import type { CallRecord } from '../../src/telemetry/call-record.ts';
import type { LogFields } from '../../src/telemetry/log-line.ts';
import { logCall } from '../../src/telemetry/project-log.ts';

/** What the log is told of `call`; what has no value is not written. */
function told(call: CallRecord): { level: string; message: string; fields: LogFields } {
  const lines: { level: string; message: string; fields: LogFields }[] = [];
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  const [debug, info, warn, error] = [at('debug'), at('info'), at('warn'), at('error')];
  logCall({ debug, info, warn, error, dropped: 0, flush: () => {}, close: () => {} }, call);
  assert.equal(lines.length, 1);
  return JSON.parse(JSON.stringify(lines[0])) as (typeof lines)[number];
}

describe('the log line of a call', () => {
  it('says who called what, who served it, and what it took', () => {
    assert.deepEqual(told(sampleCall()), {
      level: 'info',
      message: 'success /v1/chat/completions',
      fields: {
        requestId: 'request-1',
        key: 'AbCdEf123456',
        model: 'openai/gpt-5-mini',
        provider: 'openai',
        account: 'openai-1',
        status: 200,
        state: 'success',
        ms: 1234,
        firstTokenMs: 300,
        attempts: 1,
        express: true,
        stream: true,
        inputTokens: 12,
        outputTokens: 30,
      },
    });
  });

  it('warns of a failure with its kind, phase and sentence', () => {
    const { usage: _, firstTokenMs: __, ...silent } = sampleAttempt();
    const failed = { ...silent, state: 'failed', failureKind: 'timeout', failurePhase: 'first-token' } as const;
    const { level, fields } = told(
      sampleCall({ state: 'failed', status: 504, attempts: [failed, { ...failed, error: 'Too slow.' }] }),
    );
    assert.equal(level, 'warn');
    assert.equal(fields.failure, 'timeout/first-token');
    assert.equal(fields.error, 'Too slow.');
    assert.equal(fields.attempts, 2);
    assert.equal(fields.firstTokenMs, undefined);
  });

  it('names a failure without a phase by its kind alone', () => {
    const attempt = sampleAttempt({ state: 'failed', failureKind: 'rate-limit' });
    assert.equal(told(sampleCall({ state: 'failed', attempts: [attempt] })).fields.failure, 'rate-limit');
  });

  it('does not warn when the client left', () => {
    assert.equal(told(sampleCall({ state: 'cancelled', status: 499 })).level, 'info');
  });

  it('can tell of a call that never reached a provider', () => {
    const { level, fields } = told(sampleCall({ state: 'failed', status: 400, attempts: [] }));
    assert.equal(level, 'warn');
    assert.equal(fields.provider, undefined);
    assert.equal(fields.attempts, 0);
  });

  it('counts losses instead of listing them', () => {
    assert.equal(told(sampleCall({ losses: ['a: b', 'c: d'] })).fields.losses, 2);
    assert.equal('losses' in told(sampleCall()).fields, false);
  });

  it('marks tokens that were estimated', () => {
    const usage = { ...sampleAttempt().usage, estimated: true } as NonNullable<
      ReturnType<typeof sampleAttempt>['usage']
    >;
    assert.equal(told(sampleCall({ attempts: [sampleAttempt({ usage })] })).fields.estimated, true);
  });
});
