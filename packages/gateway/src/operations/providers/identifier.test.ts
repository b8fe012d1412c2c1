import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { freeIdentifier, identifierProblem, suggestIdentifier } from './identifier.ts';

describe('an identifier', () => {
  it('is lowercase alphanumeric with hyphens', () => {
    for (const good of ['custom-openai', 'a1', '9x', 'x'.repeat(50)]) assert.equal(identifierProblem(good), undefined);
  });

  it('is refused with one that would do', () => {
    assert.deepEqual(identifierProblem('Custom OpenAI'), {
      code: 'INVALID_IDENTIFIER',
      message:
        'Provider identifier must be lowercase alphanumeric with hyphens only, 2 to 50 characters, and begin with a letter or digit.',
      field: 'identifier',
      suggestions: ['custom-openai'],
    });
    for (const bad of ['', 'a', '-a', 'under_score', 'x'.repeat(51), 'ümlaut'])
      assert.equal(identifierProblem(bad)?.code, 'INVALID_IDENTIFIER', bad);
  });

  it('is suggested for any text that has something of one', () => {
    assert.equal(suggestIdentifier('  Élan_Vital! '), 'elan-vital');
    assert.equal(suggestIdentifier('x'.repeat(49) + ' y'), 'x'.repeat(49));
    assert.equal(suggestIdentifier('日本'), undefined);
    assert.deepEqual(identifierProblem('日本')?.suggestions, ['Use format: my-provider-name']);
  });

  it('gets a number when it is taken', () => {
    const taken = new Set(['a', 'a-2']);
    assert.equal(
      freeIdentifier('a', (each) => taken.has(each)),
      'a-3',
    );
    assert.equal(freeIdentifier('x'.repeat(50), () => false).length, 50);
  });
});
