import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';

import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

import { keyNumber, NAMED_PROVIDERS, readProvider } from './provider-settings.ts';

function readFrom(record: ProviderRecord, variables: Readonly<Record<string, string>>) {
  const problems: string[] = [];
  const sources = new Map(Object.keys(variables).map((name) => [name, '.env'] as const));
  const setting = readProvider(record, { values: new Map(Object.entries(variables)), sources, problems });
  const texts = setting?.accounts.map(({ id, key }) => [id, key.reveal()]);
  return { setting, texts, problems };
}

describe('the name of a key', () => {
  it('is plain or numbered', () => {
    assert.equal(keyNumber('OPENAI', 'OPENAI_API_KEY'), 0);
    assert.equal(keyNumber('OPENAI', 'OPENAI_API_KEY_1'), 1);
    assert.equal(keyNumber('OPENAI', 'OPENAI_API_KEY_0012'), 12);
  });

  it('is not another provider, another setting or another number', () => {
    const others = [
      'OPENAI_COMPATIBLE_API_KEY',
      'OPENAI_API_KEY_',
      'OPENAI_API_KEY_A',
      'OPENAI_API_KEY_-1',
      'OPENAI_BASE_URL',
    ];
    for (const name of others) assert.equal(keyNumber('OPENAI', name), undefined, name);
  });
});

describe('providers that can be named', () => {
  it('are all but the simulator', () => {
    assert.equal(NAMED_PROVIDERS.length, Object.keys(PROVIDERS).length - 1);
    assert.equal(
      NAMED_PROVIDERS.some(({ id }) => id === 'simulator'),
      false,
    );
  });
});

describe('accounts of a provider', () => {
  it('are none without a variable', () => {
    assert.deepEqual(readFrom(PROVIDERS.openai, { GROQ_API_KEY: 'canary' }), {
      setting: undefined,
      texts: undefined,
      problems: [],
    });
  });

  it('are in the order of their numbers, not of their spelling', () => {
    const { texts, problems } = readFrom(PROVIDERS.openai, {
      OPENAI_API_KEY_10: 'canary-10',
      OPENAI_API_KEY_9: 'canary-9',
      OPENAI_API_KEY_2: 'canary-2',
      OPENAI_API_KEY: 'canary-0',
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(texts, [
      ['openai-1', 'canary-0'],
      ['openai-2', 'canary-2'],
      ['openai-3', 'canary-9'],
      ['openai-4', 'canary-10'],
    ]);
  });

  it('are one when one key is named twice', () => {
    const { texts } = readFrom(PROVIDERS.groq, {
      GROQ_API_KEY: 'canary-a',
      GROQ_API_KEY_1: 'canary-b',
      GROQ_API_KEY_2: 'canary-a',
      GROQ_API_KEY_3: 'canary-c',
    });
    assert.deepEqual(texts, [
      ['groq-1', 'canary-a'],
      ['groq-2', 'canary-b'],
      ['groq-3', 'canary-c'],
    ]);
  });

  it('do not show their keys when they are printed', () => {
    const { setting } = readFrom(PROVIDERS.openai, { OPENAI_API_KEY: 'canary-printed' });
    assert.equal(`${inspect(setting, { depth: 9 })}${JSON.stringify(setting)}`.includes('canary'), false);
  });

  it('are refused by name for placeholders and for text that no header carries', () => {
    const { problems } = readFrom(PROVIDERS.openai, {
      OPENAI_API_KEY: 'your-api-key-here',
      OPENAI_API_KEY_1: 'canary with spaces',
      OPENAI_API_KEY_2: 'canary-good',
    });
    assert.deepEqual(problems, [
      'OPENAI_API_KEY (from .env) holds a placeholder. Set the real key, or remove it.',
      'OPENAI_API_KEY_1 (from .env) must be at least 1 visible ASCII characters without spaces.',
    ]);
  });
});

describe('the base URL of a provider', () => {
  it('alone names a provider that asks for no key', () => {
    const { setting } = readFrom(PROVIDERS.ollama, { OLLAMA_BASE_URL: 'http://10.0.0.5:11434/v1/' });
    assert.deepEqual(setting, { providerId: 'ollama', accounts: [], baseUrl: 'http://10.0.0.5:11434/v1' });
  });

  it('alone names no provider that asks for a key, yet is checked', () => {
    const alone = readFrom(PROVIDERS.openai, { OPENAI_BASE_URL: 'https://api.example.com/v1' });
    assert.deepEqual([alone.setting, alone.problems], [undefined, []]);
    const wrong = readFrom(PROVIDERS.openai, { OPENAI_BASE_URL: 'canary' });
    assert.match(wrong.problems[0] ?? '', /^OPENAI_BASE_URL \(from \.env\) must be an absolute URL/);
  });

  it('is absent when it is not set, so that the record holds', () => {
    assert.equal(
      Object.hasOwn(readFrom(PROVIDERS.openai, { OPENAI_API_KEY: 'canary' }).setting ?? {}, 'baseUrl'),
      false,
    );
  });

  it('is needed where the record has none', () => {
    const { problems } = readFrom(PROVIDERS['openai-compatible'], { OPENAI_COMPATIBLE_API_KEY_3: 'canary' });
    assert.deepEqual(problems, [
      'OPENAI_COMPATIBLE_BASE_URL is needed with OPENAI_COMPATIBLE_API_KEY_3. Set it to where the server is.',
    ]);
  });

  it('is refused once, without its text', () => {
    const variables = {
      OPENAI_COMPATIBLE_API_KEY: 'canary',
      OPENAI_COMPATIBLE_BASE_URL: 'https://me:canary@api.example.com',
    };
    const { problems } = readFrom(PROVIDERS['openai-compatible'], variables);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^OPENAI_COMPATIBLE_BASE_URL \(from \.env\) must be an absolute URL/);
    assert.equal(problems[0]?.includes('canary'), false);
  });
});
