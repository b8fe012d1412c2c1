import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { azure } from './azure.ts';

import { bedrock } from './bedrock.ts';
import type { ProviderRecord } from './define-provider.ts';
import { deployedRecord } from './deployed-record.ts';
import { PROVIDERS } from './registry.ts';
import { vertex } from './vertex.ts';

const from = (values: Readonly<Record<string, string>>) => (env: string) => values[env];
const messageOf = (record: ProviderRecord, values: Readonly<Record<string, string>>): string => {
  const read = deployedRecord(record, from(values));
  assert.ok(!read.ok);
  return read.failure.message;
};

describe('deployedRecord', () => {
  it('leaves a record without variables as it is', () => {
    for (const record of Object.values<ProviderRecord>(PROVIDERS))
      if (record.variables === undefined) {
        const read = deployedRecord(record, from({}));
        assert.equal(read.ok && read.value, record, record.id);
      }
  });

  it('puts variables in their places, or what stands for them', () => {
    const urlOf = (record: ProviderRecord, values: Readonly<Record<string, string>>): unknown => {
      const read = deployedRecord(record, from(values));
      return read.ok && read.value.baseUrl;
    };
    assert.equal(urlOf(bedrock, {}), 'https://bedrock-runtime.us-east-1.amazonaws.com');
    assert.equal(urlOf(bedrock, { AWS_REGION: 'eu-west-3' }), 'https://bedrock-runtime.eu-west-3.amazonaws.com');
    assert.equal(
      urlOf(vertex, { GOOGLE_CLOUD_PROJECT: 'my-project' }),
      'https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1',
    );
    assert.equal(urlOf(azure, { AZURE_OPENAI_RESOURCE: 'contoso' }), 'https://contoso.openai.azure.com/openai/v1');
  });

  it('asks for what is missing', () => {
    const wanted = 'AZURE_OPENAI_RESOURCE is needed for Azure OpenAI. Set it, or AZURE_OPENAI_BASE_URL.';
    assert.equal(messageOf(azure, {}), wanted);
    assert.equal(messageOf(azure, { AZURE_OPENAI_RESOURCE: '' }), wanted);
  });

  it('refuses values that would lead elsewhere, and does not show them', () => {
    for (const value of [
      'a.example/',
      'a@canary',
      'canary:80',
      '../canary',
      '.',
      '-canary',
      'a b',
      '{region}',
      'canary#',
      '%2e%2e',
    ]) {
      const message = messageOf(bedrock, { AWS_REGION: value });
      assert.match(message, /^AWS_REGION must be /);
      assert.doesNotMatch(message, /canary/);
    }
  });

  it('leaves no placeholder in any record', () => {
    const values = () => 'a';
    for (const record of [bedrock, vertex, azure]) {
      const read = deployedRecord(record, values);
      assert.ok(read.ok);
      assert.doesNotMatch(read.value.baseUrl, /[{}]/, record.id);
      assert.equal(new URL(read.value.baseUrl).protocol, 'https:');
    }
  });

  it('takes the variant that a variable asks for, with what else stands in it', () => {
    const dated = deployedRecord(
      azure,
      from({ AZURE_OPENAI_RESOURCE: 'contoso', AZURE_OPENAI_API_VERSION: '2024-10-21' }),
    );
    assert.ok(dated.ok);
    assert.equal(dated.value.baseUrl, 'https://contoso.openai.azure.com/openai');
    assert.equal(dated.value.speaks[0]?.path, '/deployments/{model}/chat/completions?api-version=2024-10-21');
    const worldwide = deployedRecord(vertex, from({ GOOGLE_CLOUD_PROJECT: 'p', GOOGLE_CLOUD_LOCATION: 'global' }));
    assert.equal(
      worldwide.ok && worldwide.value.baseUrl,
      'https://aiplatform.googleapis.com/v1/projects/p/locations/global',
    );
  });

  it('asks for nothing that an operator’s own address says', () => {
    const read = deployedRecord(azure, from({}), 'https://here.example/openai/v1');
    assert.equal(read.ok && read.value.baseUrl, 'https://here.example/openai/v1');
  });

  it('keeps other hosts only where the address is the record’s own', () => {
    const values = from({ ANTIGRAVITY_PROJECT: 'mine' });
    const own = deployedRecord(PROVIDERS.antigravity, values);
    const named = deployedRecord(PROVIDERS.antigravity, values, 'https://here.example');
    assert.equal(own.ok && own.value.fallbackUrls?.length, 2);
    assert.deepEqual(named.ok && named.value.fallbackUrls, []);
  });

  it('asks for what stands elsewhere than in the address, too', () => {
    const read = deployedRecord(PROVIDERS.antigravity, from({}), 'https://here.example');
    assert.ok(!read.ok);
    assert.equal(read.failure.message, 'ANTIGRAVITY_PROJECT is needed for Antigravity. Set it.');
  });
});
