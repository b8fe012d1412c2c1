import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { endpointProblem, fillEndpoint } from './endpoint.ts';

describe('an endpoint', () => {
  it('is an absolute address', () => {
    for (const good of [
      'https://api.openai.com/v1',
      'http://127.0.0.1:8080',
      'https://h/openai?api-version=2024-10-21',
    ])
      assert.equal(endpointProblem(good, []), undefined, good);
    for (const bad of [
      'api.openai.com',
      'openai.com/v1',
      '',
      'ftp://h/',
      'https://',
      'https://a b/',
      'file:///etc/passwd',
    ])
      assert.match(endpointProblem(bad, []) ?? '', /^API endpoint must be a valid URL/, bad);
  });

  it('may name fields in braces, but no others', () => {
    assert.equal(endpointProblem('https://bedrock-runtime.{region}.amazonaws.com', ['region']), undefined);
    assert.match(endpointProblem('https://{regin}.example.com', ['region']) ?? '', /has \{regin\}/);
  });

  it('holds no credentials, fragment, or novel', () => {
    for (const holding of ['https://user:canary@h/', 'https://canary@h/'])
      assert.match(endpointProblem(holding, []) ?? '', /must not hold credentials/, holding);
    assert.match(endpointProblem('https://h/v1?key=canary-0123456789', []) ?? '', /must not hold credentials/);
    assert.match(endpointProblem('https://h/#a', []) ?? '', /fragment/);
    assert.match(endpointProblem(`https://h/${'a'.repeat(500)}`, []) ?? '', /at most 500/);
  });

  it('is filled from values that cannot lead elsewhere', () => {
    const values = new Map([
      ['region', 'eu-west-1'],
      ['evil', 'h/@x'],
    ]);
    assert.equal(fillEndpoint('https://b.{region}.c/{evil}/{other}', values), 'https://b.eu-west-1.c/h%2F%40x/{other}');
  });
});
