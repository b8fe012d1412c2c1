import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearMatches } from './near-matches.ts';

describe('nearMatches', () => {
  it('finds names that differ by a few letters, the nearest first', () => {
    assert.deepEqual(nearMatches('claud-opus', ['claude-opus', 'claude-opal', 'gemini']), [
      'claude-opus',
      'claude-opal',
    ]);
  });

  it('finds names that contain the wanted one or are contained in it', () => {
    assert.deepEqual(nearMatches('opus', ['claude-opus-4-5-20251101', 'claude-sonnet']), ['claude-opus-4-5-20251101']);
    assert.deepEqual(nearMatches('gpt-4o-mini-latest', ['gpt-4o-mini', 'o3']), ['gpt-4o-mini']);
  });

  it('does not take a small piece of the wanted name for a match', () => {
    assert.deepEqual(nearMatches('mini-something-long', ['mini', 'some', 'gpt']), []);
    assert.deepEqual(nearMatches('o3', ['claude-o3-something']), []);
  });

  it('puts the same name in other letters first, then what is closer in length, then the alphabet', () => {
    const candidates = ['gpt-4o-mini', 'gpt-4ob', 'gpt-4oa', 'gpt-4o', 'gpt-4p'];
    assert.deepEqual(nearMatches('GPT-4O', candidates, 9), ['gpt-4o', 'gpt-4oa', 'gpt-4ob', 'gpt-4o-mini', 'gpt-4p']);
  });

  it('gives three unless told otherwise, and each once', () => {
    const candidates = ['model-a', 'model-b', 'model-b', 'model-c', 'model-d'];
    assert.deepEqual(nearMatches('model-x', candidates), ['model-a', 'model-b', 'model-c']);
    assert.deepEqual(nearMatches('model-x', candidates, 1), ['model-a']);
  });

  it('finds nothing where nothing is close', () => {
    assert.deepEqual(nearMatches('gemini-pro', ['claude-opus', 'gpt-5', '']), []);
    assert.deepEqual(nearMatches('', ['claude-opus']), []);
    assert.deepEqual(nearMatches('gpt-5', []), []);
  });

  it('compares the beginnings of endless names only', () => {
    const endless = 'x'.repeat(1_000_000);
    assert.deepEqual(nearMatches(endless, [`${endless}y`, 'z'.repeat(1_000_000)]), [`${endless}y`]);
  });
});
