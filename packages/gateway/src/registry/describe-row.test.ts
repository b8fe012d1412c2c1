import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

import { describeRow, type OpenRow } from './describe-row.ts';

const RECORDS = Object.values<ProviderRecord>(PROVIDERS);
const rowWith = (fields: Readonly<Record<string, Secret | string>>): OpenRow => ({
  id: '00000000-0000-4000-8000-000000000003',
  identifier: 'bedrock',
  name: 'AWS Bedrock',
  apiEndpoint: 'https://bedrock-runtime.{region}.amazonaws.com',
  authMethod: 'aws_iam',
  authConfig: { type: 'aws_iam', fields },
  capabilities: {},
});
const KEYS = { accessKeyId: new Secret('canary'), secretAccessKey: new Secret('canary') };

describe('a row with a name in its address', () => {
  it('is nothing wrong while nobody has filled it in', () => {
    const described = describeRow(rowWith({}), RECORDS);
    assert.ok(described.ok);
    assert.equal(described.value.credential, undefined);
  });

  it('leads to what the name stands for', () => {
    const described = describeRow(rowWith({ ...KEYS, region: 'eu-west-1' }), RECORDS);
    assert.equal(described.ok && described.value.record.baseUrl, 'https://bedrock-runtime.eu-west-1.amazonaws.com');
  });

  it('is wrong where only the name is missing', () => {
    const described = describeRow(rowWith(KEYS), RECORDS);
    assert.equal(!described.ok && described.failure.path, 'apiEndpoint');
  });
});
