import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import { mergeAuth, type HeldAuth } from './auth-config.ts';
import { authProblems } from './auth-problems.ts';

const HELD: HeldAuth = {
  type: 'api_key',
  fields: { apiKey: 'enc:v1:0123456789abcdef:canary', organizationId: 'org-1', projectId: { required: true } },
  headers: { Authorization: 'Bearer {{apiKey}}' },
};
const KNOWN = {
  held: HELD,
  shown: { ...HELD, fields: { ...HELD.fields, apiKey: '********9abc' }, headers: { ...HELD.headers } },
};

describe('a sign-in that is changed', () => {
  it('keeps what was not sent', () => {
    assert.deepEqual(mergeAuth({ type: 'api_key', fields: {} }, KNOWN), { ok: true, auth: HELD });
  });

  it('keeps a secret whose mask or description came back', () => {
    for (const apiKey of ['********9abc', { required: true }]) {
      assert.deepEqual(mergeAuth({ type: 'api_key', fields: { apiKey } }, KNOWN), { ok: true, auth: HELD });
    }
  });

  it('never takes another mask, or a sealed text, for a value', () => {
    for (const apiKey of ['********zzzz', '****', 'enc:v1:0123456789abcdef:canary']) {
      const merged = mergeAuth({ type: 'api_key', fields: { apiKey } }, KNOWN);
      assert.ok(!merged.ok && merged.errors[0]?.field === 'authConfig.fields.apiKey', apiKey);
    }
  });

  it('takes new values: secrets as such, what may be shown as text', () => {
    const merged = mergeAuth({ type: 'api_key', fields: { apiKey: 'canary', projectId: 'p', own: 'canary' } }, KNOWN);
    assert.ok(merged.ok);
    assert.ok(merged.auth.fields['apiKey'] instanceof Secret);
    assert.ok(merged.auth.fields['own'] instanceof Secret);
    assert.equal(merged.auth.fields['projectId'], 'p');
  });

  it('loses a field by an empty text, and all of them by another way to sign in', () => {
    const without = mergeAuth({ type: 'api_key', fields: { organizationId: '' } }, KNOWN);
    assert.deepEqual(without.ok && Object.keys(without.auth.fields), ['apiKey', 'projectId']);
    const other = mergeAuth({ type: 'custom', fields: { token: 'canary' } }, KNOWN);
    assert.deepEqual(other.ok && Object.keys(other.auth.fields), ['token']);
  });

  it('keeps to what the description of a field asks for', () => {
    const described = { ...HELD, fields: { region: { validation: { pattern: '^eu-', maxLength: 9 } } } };
    const merge = (region: string) =>
      mergeAuth({ type: 'api_key', fields: { region } }, { held: described, shown: described });
    assert.ok(merge('eu-west-1').ok);
    assert.ok(!merge('us-east-1').ok);
    assert.ok(!merge('eu-central-1').ok);
  });
});

const problems = (auth: Partial<HeldAuth>, method: HeldAuth['type'] = 'api_key') =>
  authProblems(method, { type: 'api_key', fields: { apiKey: new Secret('canary') }, ...auth }).map(
    ({ field, message }) => `${field}: ${message}`,
  );

describe('a sign-in is complete', () => {
  it('when its way has all it needs', () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ fields: {} }), [
      'authConfig.fields.apiKey: API key is required for api_key authentication',
    ]);
    assert.deepEqual(
      authProblems('aws_iam', { type: 'aws_iam', fields: {} }).map(({ field }) => field),
      ['authConfig.fields.accessKeyId', 'authConfig.fields.secretAccessKey', 'authConfig.fields.region'],
    );
    assert.match(authProblems('custom', { type: 'custom', fields: {} })[0]?.message ?? '', /At least one field/);
  });

  it('when its type is the authMethod', () => {
    assert.match(problems({}, 'custom')[0] ?? '', /^authConfig.type: Must equal authMethod, which is custom/);
  });

  it('when its headers name fields that are there, and hold no secret', () => {
    assert.deepEqual(
      problems({ headers: { Authorization: 'Bearer {{apiKey}}', 'anthropic-version': '2023-06-01' } }),
      [],
    );
    assert.match(
      problems({ headers: { 'x-org': '{{org}}' } })[0] ?? '',
      /\{\{org\}\} names no field. Fields are: apiKey/,
    );
    for (const [name, value] of Object.entries({ 'x-api-key': 'canary', 'x-more': 'Bearer canary-0123456789' }))
      assert.match(problems({ headers: { [name]: value } })[0] ?? '', /holds no secret itself/, name);
    assert.match(problems({ headers: { 'x-a': 'b\r\nx-c: d' } })[0] ?? '', /one line/);
    assert.match(problems({ headers: { 'x a': 'b' } })[0] ?? '', /no name of a header/);
  });

  it('when its addresses are absolute', () => {
    assert.deepEqual(problems({ testEndpoint: '/models' }), []);
    assert.match(problems({ testEndpoint: '//h/models' })[0] ?? '', /^authConfig.testEndpoint/);
    const fields = { apiKey: new Secret('canary'), baseUrl: 'h/v1' };
    assert.match(problems({ fields })[0] ?? '', /^authConfig.fields.baseUrl: Must be a valid URL/);
  });

  it('when no secret is a default', () => {
    const fields = { apiKey: { default: 'canary' } };
    assert.match(problems({ fields })[0] ?? '', /^authConfig.fields.apiKey.default: A secret has no default/);
  });
});
