import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AUTH_ERRORS, AuthError, type AuthErrorCode } from './auth-error.ts';

const RETRYABLE: Readonly<Record<AuthErrorCode, boolean>> = {
  invalid_credentials: false,
  token_expired: true,
  refresh_failed: true,
  oauth_flow_failed: false,
  invalid_config: false,
  network_error: true,
  provider_unavailable: true,
  scope_insufficient: false,
  key_rotation_failed: true,
  all_keys_exhausted: true,
  storage_error: true,
  encryption_error: false,
};

describe('AuthError', () => {
  it('says of each of its twelve codes whether asking again can help', () => {
    assert.deepEqual(Object.keys(AUTH_ERRORS).toSorted(), Object.keys(RETRYABLE).toSorted());
    for (const [code, expected] of Object.entries(RETRYABLE) as [AuthErrorCode, boolean][])
      assert.equal(new AuthError({ provider: 'x', code, message: 'm' }).isRetryable(), expected, code);
  });

  it('reads as provider, message and code', () => {
    const cause = new Error('below');
    const error = new AuthError({
      provider: 'gemini',
      code: 'token_expired',
      message: 'Stored token expired and refresh failed',
      details: 'invalid_grant',
      cause,
    });
    assert.equal(String(error), 'gemini authentication error: Stored token expired and refresh failed (token_expired)');
    assert.equal(error.message, 'Stored token expired and refresh failed');
    assert.equal(error.cause, cause);
    assert.ok(error instanceof Error);
    assert.deepEqual(JSON.parse(JSON.stringify(error)), {
      provider: 'gemini',
      code: 'token_expired',
      message: 'Stored token expired and refresh failed',
      details: 'invalid_grant',
      retryable: true,
    });
  });
});
