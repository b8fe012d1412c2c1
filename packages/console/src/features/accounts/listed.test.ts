import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { listedOf, shutIn, turned } from './listed.ts';
import { fallbackWords, heldWords, sourceWords } from './policy.ts';

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

const HELD = { provider_id: 'openai', models: [], updated_at: null, updated_by: null, version: 0 } as const;
const SETTING = { name: '*', policy: 'affinity' } as const;

describe('how accounts are chosen', () => {
  it('is said with whose word it is, and with what holds once that is taken back', () => {
    const chosen = { ...HELD, policy: 'weighted', source: 'administrator', setting: SETTING } as const;
    const settled = { ...HELD, policy: 'affinity', source: 'setting', setting: SETTING } as const;
    const unsaid = { ...HELD, policy: null, source: 'default', setting: null } as const;
    const said = [chosen, settled, unsaid].map((each) => [heldWords(each).words, sourceWords(each)]);
    assert.deepEqual(said, [
      ['by weight', 'chosen here by an administrator'],
      ['conversations stay with theirs', 'from ACCOUNT_POLICIES, for all providers'],
      ['in turn, long conversations stay', 'what the gateway does by itself'],
    ]);
    assert.deepEqual(
      [chosen, unsaid].map((each) => fallbackWords(each).words),
      ['conversations stay with theirs', 'in turn, long conversations stay'],
    );
  });
});
