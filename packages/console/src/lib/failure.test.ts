import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ApiError } from '@patchbay/contract/client';

import { failureOf } from './failure.ts';

describe('a failed request', () => {
  it('says what is wrong beside each field, in the words of the API', () => {
    const error = {
      code: 'VALIDATION_ERROR',
      message: 'Validation failed',
      field: 'email',
      validationErrors: [
        { field: 'email', message: 'Not an e-mail address.' },
        { field: 'limits.rpm', message: 'Too small.' },
      ],
      suggestions: ['username'],
    };
    const failure = failureOf(new ApiError(422, { error }));
    assert.equal(failure.kind, 'invalid');
    assert.deepEqual(failure.fields, { email: 'Not an e-mail address.', 'limits.rpm': 'Too small.' });
    assert.deepEqual(failure.suggestions, ['username']);
  });

  it('puts the whole sentence beside a field that is named alone', () => {
    const failure = failureOf(new ApiError(409, { error: { message: 'This name is taken.', field: 'username' } }));
    assert.deepEqual([failure.kind, failure.fields], ['conflict', { username: 'This name is taken.' }]);
  });

  it('keeps what was saved meanwhile by somebody else', () => {
    const failure = failureOf(
      new ApiError(409, { error: { message: 'Changed.', details: { current: { role: 'user' } } } }),
    );
    assert.deepEqual(failure.details, { current: { role: 'user' } });
  });

  it('is read where the error is a flag and the rest stands beside it', () => {
    const detail = [{ field: 'n_slides', message: 'Too many.' }];
    const body = { error: true, message: 'Validation failed', status_code: 422, detail, suggestions: ['50'] };
    const failure = failureOf(new ApiError(422, body));
    assert.deepEqual(
      [failure.kind, failure.message, failure.fields, failure.suggestions],
      ['invalid', 'Validation failed', { n_slides: 'Too many.' }, ['50']],
    );
  });

  it('is read where the error is one sentence', () => {
    const failure = failureOf(new ApiError(403, { error: 'Ask an administrator.' }));
    assert.deepEqual([failure.kind, failure.message], ['forbidden', 'Ask an administrator.']);
    const refused = { error: 'insufficient permissions', message: 'The role viewer does not include keys.' };
    assert.equal(failureOf(new ApiError(403, refused)).message, 'The role viewer does not include keys.');
  });

  it('is read where members at fault stand beside one sentence', () => {
    const validationErrors = [
      { field: 'label', message: 'Too long' },
      { field: 'limits.models', message: 'Name one at least' },
    ];
    const error = 'label: Too long; limits.models: Name one at least';
    const failure = failureOf(new ApiError(422, { error, message: 'Validation failed', validationErrors }));
    assert.deepEqual(
      [failure.message, failure.fields],
      [error, { label: 'Too long', 'limits.models': 'Name one at least' }],
    );
    const taken = failureOf(new ApiError(409, { error: 'This name is taken.', field: 'alias' }));
    assert.deepEqual(taken.fields, { alias: 'This name is taken.' });
  });

  it('is told from a gateway that does not answer', () => {
    assert.equal(failureOf(new TypeError('fetch failed')).kind, 'unreachable');
    assert.deepEqual([failureOf(new Error('odd')).kind, failureOf(new Error('odd')).message], ['failed', 'odd']);
  });
});
