import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '../secret.ts';
import { credentialOfFields } from './credential-of-fields.ts';

const plan = { id: 'row', method: 'api_key' as const, fields: { apiKey: new Secret('k'), organizationId: 'org' } };

describe('credentialOfFields', () => {
  it('fills fields into headers, whose names become lower case', () => {
    const headers = {
      Authorization: 'Bearer {{apiKey}}',
      'OpenAI-Organization': '{{ organizationId }}',
      'x-fixed': '1',
    };
    const made = credentialOfFields({ ...plan, headers });
    assert.ok(made.ok && made.value.kind === 'headers');
    assert.deepEqual(
      Object.entries(made.value.headers).map(([name, value]) => [name, value.reveal()]),
      [
        ['authorization', 'Bearer k'],
        ['openai-organization', 'org'],
        ['x-fixed', '1'],
      ],
    );
    assert.deepEqual(
      made.value.secrets.map((each) => each.reveal()),
      ['k'],
    );
  });

  it('does not read a placeholder in a value', () => {
    const made = credentialOfFields({
      ...plan,
      fields: { apiKey: new Secret('{{other}}'), other: new Secret('canary') },
      headers: { a: '{{apiKey}}' },
    });
    assert.ok(made.ok && made.value.kind === 'headers');
    assert.equal(made.value.headers['a']?.reveal(), '{{other}}');
  });

  it('names the field that a header lacks', () => {
    const made = credentialOfFields({ ...plan, headers: { a: '{{token}}' } });
    assert.ok(!made.ok);
    assert.equal(made.failure.path, 'authConfig.fields.token');
  });

  it('makes keys of Amazon’s, and names what they lack', () => {
    const fields = { accessKeyId: 'AKIA', secretAccessKey: new Secret('s'), region: 'eu-west-1' };
    const made = credentialOfFields({ id: 'aws', method: 'aws_iam', fields, headers: {} });
    assert.ok(made.ok && made.value.kind === 'aws');
    assert.deepEqual(
      [made.value.accessKeyId, made.value.region, made.value.sessionToken],
      ['AKIA', 'eu-west-1', undefined],
    );
    const without = credentialOfFields({
      id: 'aws',
      method: 'aws_iam',
      fields: { ...fields, region: '' },
      headers: {},
    });
    assert.ok(!without.ok);
    assert.equal(without.failure.path, 'authConfig.fields.region');
  });
});
