import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { chooseArtist, chooseWriter, type ModelSettings } from './choose-model.ts';

const SETTINGS: ModelSettings = {
  writers: { openai: { model: 'o', temperature: 0.1 }, openrouter: { model: 'a/r' }, together: { model: 'a/t' } },
  presets: {},
  imageModel: 'flux',
};

const having = (...ids: readonly string[]) => ({ isConfigured: (id: string) => ids.includes(id) });
const writer = (ids: readonly string[], settings: Partial<ModelSettings> = {}, asked?: string) => {
  const chosen = chooseWriter({ ...SETTINGS, ...settings }, having(...ids), { endpoint: 'outline', asked });
  return chosen.ok ? chosen.value.address : chosen.failure.kind;
};

describe('who writes', () => {
  it('is OpenAI before OpenRouter before Together, by who has an account', () => {
    assert.equal(writer(['together', 'openrouter', 'openai']), 'openai/o');
    assert.equal(writer(['together', 'openrouter']), 'openrouter/a/r');
    assert.equal(writer(['together']), 'together/a/t');
  });

  it('is nobody else unless it is named', () => {
    assert.equal(writer(['simulator', 'groq']), 'overloaded');
    assert.equal(writer([], { presets: { outline: 'simulator/echo' } }), 'simulator/echo');
    assert.equal(writer([], {}, 'groq/llama'), 'groq/llama');
  });

  it('is whom the request names, before the preset, before DEFAULT_LLM_PROVIDER', () => {
    const settings = { writer: 'together', presets: { outline: 'fast' } } as const;
    const all = ['openai', 'openrouter', 'together'];
    assert.equal(writer(all, settings, 'groq/llama'), 'groq/llama');
    assert.equal(writer(all, settings), 'fast');
    assert.equal(writer(all, { writer: 'together' }), 'together/a/t');
    assert.equal(writer(['openai'], { writer: 'together' }), 'overloaded');
  });

  it('may be named by a provider alone', () => {
    assert.equal(writer(['openai', 'openrouter'], { presets: { outline: 'openrouter' } }), 'openrouter/a/r');
  });

  it('is asked as its provider’s settings say, whichever of its models it is', () => {
    const chosen = chooseWriter(SETTINGS, having('openai'), { endpoint: 'slides', asked: 'openai/other' });
    assert.deepEqual(chosen.ok && chosen.value.sampling, { temperature: 0.1 });
    const other = chooseWriter(SETTINGS, having(), { endpoint: 'slides', asked: 'groq/llama' });
    assert.deepEqual(other.ok && other.value.sampling, { temperature: 0.7 });
  });
});

it('Together draws before OpenAI, and a preset before both', () => {
  const artist = (ids: readonly string[], settings: Partial<ModelSettings> = {}) => {
    const chosen = chooseArtist({ ...SETTINGS, ...settings }, having(...ids), undefined);
    return chosen.ok ? chosen.value : chosen.failure.kind;
  };
  assert.equal(artist(['openai', 'together']), 'together/flux');
  assert.equal(artist(['openai']), 'openai/gpt-image-1');
  assert.equal(artist([]), 'overloaded');
  assert.equal(artist([], { presets: { images: 'xai/grok-image' } }), 'xai/grok-image');
});
