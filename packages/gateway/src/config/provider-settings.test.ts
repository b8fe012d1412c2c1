import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';

import { secretsOf } from '@patchbay/llm/credentials/credential';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

import { accountNumber } from './account-names.ts';
import { NAMED_PROVIDERS, readProvider } from './provider-settings.ts';

function readFrom(record: ProviderRecord, variables: Readonly<Record<string, string>>) {
  const problems: string[] = [];
  const sources = new Map(Object.keys(variables).map((name) => [name, '.env'] as const));
  const setting = readProvider(record, { values: new Map(Object.entries(variables)), sources, problems });
  const texts = setting?.accounts.map((account) => [
    account.id,
    ...secretsOf(account).map((secret) => secret.reveal()),
  ]);
  return { setting, texts, problems };
}

describe('the name of an account’s variable', () => {
  it('is plain or numbered', () => {
    assert.equal(accountNumber('OPENAI_API_KEY', 'OPENAI_API_KEY'), 0);
    assert.equal(accountNumber('OPENAI_API_KEY', 'OPENAI_API_KEY_1'), 1);
    assert.equal(accountNumber('OPENAI_API_KEY', 'OPENAI_API_KEY_0012'), 12);
  });

  it('is not another provider, another setting or another number', () => {
    const others = [
      'OPENAI_COMPATIBLE_API_KEY',
      'OPENAI_API_KEY_',
      'OPENAI_API_KEY_A',
      'OPENAI_API_KEY_-1',
      'OPENAI_BASE_URL',
    ];
    for (const name of others) assert.equal(accountNumber('OPENAI_API_KEY', name), undefined, name);
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

describe('accounts that sign', () => {
  const AWS = { AWS_ACCESS_KEY_ID: 'AKIACANARY', AWS_SECRET_ACCESS_KEY: 'canary-secret' };

  it('have their keys under one number, and the region of the installation', () => {
    const { setting, problems } = readFrom(PROVIDERS.bedrock, {
      ...AWS,
      AWS_ACCESS_KEY_ID_2: 'AKIASECOND',
      AWS_SECRET_ACCESS_KEY_2: 'canary-second',
      AWS_SESSION_TOKEN_2: 'canary-session',
      AWS_REGION: 'eu-west-3',
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      setting?.accounts.map((account) => account.kind === 'aws' && [account.id, account.accessKeyId, account.region]),
      [
        ['bedrock-1', 'AKIACANARY', 'eu-west-3'],
        ['bedrock-2', 'AKIASECOND', 'eu-west-3'],
      ],
    );
    assert.deepEqual(
      setting?.accounts.map((account) => secretsOf(account).map((secret) => secret.reveal())),
      [['canary-secret'], ['canary-second', 'canary-session']],
    );
    assert.deepEqual(setting?.variables, { AWS_REGION: 'eu-west-3' });
  });

  it('stand beside keys, and do not show their secrets', () => {
    const { setting } = readFrom(PROVIDERS.bedrock, { ...AWS, BEDROCK_API_KEY: 'canary-key' });
    assert.deepEqual(
      setting?.accounts.map(({ id, kind }) => [id, kind]),
      [
        ['bedrock-1', 'api-key'],
        ['bedrock-2', 'aws'],
      ],
    );
    assert.equal(`${inspect(setting, { depth: 9 })}${JSON.stringify(setting)}`.includes('canary-'), false);
  });

  it('name what is missing of them', () => {
    assert.deepEqual(readFrom(PROVIDERS.bedrock, { AWS_ACCESS_KEY_ID_3: 'AKIACANARY' }).problems, [
      'AWS_SECRET_ACCESS_KEY_3 is needed with AWS_ACCESS_KEY_ID_3 for Amazon Bedrock. Set it, or remove AWS_ACCESS_KEY_ID_3.',
    ]);
    assert.deepEqual(readFrom(PROVIDERS.bedrock, { AWS_SESSION_TOKEN: 'canary' }).problems, [
      'AWS_ACCESS_KEY_ID is needed with AWS_SESSION_TOKEN for Amazon Bedrock. Set it, or remove AWS_SESSION_TOKEN.',
    ]);
    assert.deepEqual(readFrom(PROVIDERS.vertex, { VERTEX_API_KEY: 'canary' }).problems, [
      'GOOGLE_CLOUD_PROJECT is needed for Google Vertex AI. Set it, or VERTEX_BASE_URL.',
    ]);
  });

  it('are none for a region or a project alone', () => {
    assert.deepEqual(readFrom(PROVIDERS.bedrock, { AWS_REGION: 'eu-west-3' }).setting, undefined);
    assert.deepEqual(readFrom(PROVIDERS.vertex, { GOOGLE_CLOUD_PROJECT: 'mine' }).setting, undefined);
  });

  it('are read from a key file’s text or from its path', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-key-'));
    const file = path.join(folder, 'key.json');
    const text = JSON.stringify({
      client_email: 'a@b',
      private_key: ['-----BEGIN', 'PRIVATE KEY-----canary'].join(' '),
    });
    await writeFile(file, text);
    for (const given of [text, file]) {
      const variables = { VERTEX_SERVICE_ACCOUNT: given, GOOGLE_CLOUD_PROJECT: 'mine' };
      const { setting, problems } = readFrom(PROVIDERS.vertex, variables);
      assert.deepEqual(problems, []);
      const [account] = setting?.accounts ?? [];
      assert.equal(account?.kind === 'service-account' && account.clientEmail, 'a@b');
      assert.equal(account?.id, 'vertex-1');
    }
    await rm(folder, { recursive: true });
  });

  it('are refused by name when their key file is none, and nothing of it is shown', () => {
    const problemOf = (text: string) =>
      readFrom(PROVIDERS.vertex, { VERTEX_SERVICE_ACCOUNT: text, GOOGLE_CLOUD_PROJECT: 'mine' }).problems;
    assert.deepEqual(problemOf('/nowhere/canary.json'), [
      "VERTEX_SERVICE_ACCOUNT (from .env) names a file that cannot be read. Set it to a key file's path, or to its text.",
    ]);
    assert.deepEqual(problemOf('{"canary": 1}'), [
      "VERTEX_SERVICE_ACCOUNT (from .env): The key file of the service account has no `client_email`. Give the file's whole text.",
    ]);
  });
});

describe('a token of Entra', () => {
  it('is an account beside those of keys, presented in its own way', () => {
    const { setting, problems } = readFrom(PROVIDERS.azure, {
      AZURE_OPENAI_RESOURCE: 'contoso',
      AZURE_OPENAI_API_KEY: 'canary-key',
      AZURE_OPENAI_AD_TOKEN: 'canary-token',
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      setting?.accounts.map((account) => [account.id, account.kind === 'api-key' && account.as]),
      [
        ['azure-1', undefined],
        ['azure-2', 'bearer'],
      ],
    );
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
