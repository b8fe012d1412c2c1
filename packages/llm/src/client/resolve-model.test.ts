import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROVIDERS } from '../providers/registry.ts';
import { resolveModel } from './resolve-model.ts';

const providers = new Map(Object.entries(PROVIDERS));

describe('resolveModel', () => {
  it('sends everything after the provider to it, slashes included', () => {
    const result = resolveModel('openrouter/meta-llama/llama-4', providers);
    assert.deepEqual(result, { ok: true, value: { providerId: 'openrouter', model: 'meta-llama/llama-4' } });
  });

  it('finds the owner of a bare name by prefix, whatever its case', () => {
    const result = resolveModel('Claude-Sonnet-4-5', providers);
    assert.deepEqual(result, { ok: true, value: { providerId: 'anthropic', model: 'Claude-Sonnet-4-5' } });
  });

  it('names the providers when nobody serves the model', () => {
    const result = resolveModel('nobody/knows', providers);
    assert.equal(result.ok, false);
    assert.equal(result.failure.kind, 'not-found');
    assert.match(result.failure.message, /"nobody\/knows".*openai, anthropic/);
  });
});
