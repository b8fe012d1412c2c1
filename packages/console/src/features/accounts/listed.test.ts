import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { listedOf, shutIn, turned } from './listed.ts';
import { policiesOf } from './policy.ts';

const account = (id: string, provider: string) => ({ id, provider_id: provider }) as Parameters<typeof listedOf>[0][0];

describe('the list of accounts', () => {
  it('has a head above each provider, and beneath one that is shut nothing', () => {
    const accounts = [account('a', 'groq'), account('b', 'groq'), account('c', 'openai')];
    const lines = listedOf(accounts, shutIn('groq,mistral')).map((each) =>
      each.kind === 'head' ? `${each.provider} ${each.isShut}` : each.account.id,
    );
    assert.deepEqual(lines, ['groq true', 'openai false', 'c']);
    assert.deepEqual(
      listedOf(accounts, shutIn(undefined)).map(({ kind }) => kind),
      ['head', 'account', 'account', 'head', 'account'],
    );
  });

  it('opens and shuts one provider after another', () => {
    assert.equal(turned(shutIn('groq'), 'openai'), 'groq,openai');
    assert.equal(turned(shutIn('groq,openai'), 'groq'), 'openai');
    assert.equal(turned(shutIn(''), 'groq'), 'groq');
  });
});

describe('how accounts are chosen', () => {
  it('is said by the most exact name in the settings', () => {
    const written = 'openai/gpt-5=weighted, openai=fill-first,*=affinity';
    assert.deepEqual(policiesOf(written, 'openai'), [
      { model: undefined, policy: 'fill-first' },
      { model: 'gpt-5', policy: 'weighted' },
    ]);
    assert.deepEqual(policiesOf(written, 'groq'), [{ model: undefined, policy: 'affinity' }]);
    assert.deepEqual(policiesOf('', 'groq'), []);
  });
});
