import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { loadSettings } from './load-settings.ts';

const load = (environment: Record<string, string>) => loadSettings({ environment, isTerminal: false }).settings;

describe('settings of decks', () => {
  it('have the documented defaults', () => {
    const { generation, responseCache } = load({});
    assert.equal(generation.writers.openrouter.model, 'meta-llama/llama-4-maverick:free');
    assert.equal(generation.imageModel, 'black-forest-labs/FLUX.1-schnell-Free');
    assert.deepEqual(generation.perMinute, { outline: 10, slides: 10, images: 5 });
    assert.deepEqual([generation.blobs, generation.writer, responseCache?.isOn], [{ kind: 'local' }, undefined, false]);
  });

  it('are read from the documented variables', () => {
    const { generation, responseCache } = load({
      DEFAULT_LLM_PROVIDER: 'together',
      TOGETHER_MODEL: 'some/model',
      TOGETHER_TEMPERATURE: '0.25',
      OPENAI_MAX_TOKENS: '900',
      OPENAI_TOP_P: '0.5',
      OPENAI_FREQUENCY_PENALTY: '-1',
      OUTLINE_GENERATION_MODEL_PRESET: 'fast',
      IMAGE_GENERATOR_PROMPT_TEMPLATE: 'Draw {title}',
      RATE_LIMIT_ENABLED: 'false',
      CACHE_RESPONSES: 'true',
      CACHE_RESPONSES_TTL: '1m',
    });
    assert.deepEqual(generation.writers.together, { model: 'some/model', temperature: 0.25 });
    assert.deepEqual(generation.writers.openai, {
      model: 'gpt-4.1-mini',
      maxOutputTokens: 900,
      topP: 0.5,
      frequencyPenalty: -1,
    });
    assert.deepEqual(
      [generation.writer, generation.presets, generation.templates],
      ['together', { outline: 'fast' }, { images: 'Draw {title}' }],
    );
    assert.deepEqual(generation.perMinute, { outline: 0, slides: 0, images: 0 });
    assert.equal(responseCache?.ttlMs, 60_000);
  });

  it('name a server of files whole or not at all', () => {
    assert.equal(
      load({ SUPABASE_URL: 'https://x.supabase.co', SUPABASE_SERVICE_KEY: 'k' }).generation.blobs.kind,
      'supabase',
    );
    assert.throws(() => load({ SUPABASE_URL: 'https://x.supabase.co' }), /SUPABASE_SERVICE_KEY is needed/);
    assert.throws(
      () => load({ S3_ENDPOINT: 'https://s3.example.com', S3_BUCKET: 'b' }),
      /S3_SECRET_ACCESS_KEY are needed/,
    );
  });

  it('that are wrong are told by name', () => {
    assert.throws(() => load({ DEFAULT_LLM_PROVIDER: 'simulator' }), /DEFAULT_LLM_PROVIDER.*one of openai, openrouter/);
    assert.throws(() => load({ OPENAI_TEMPERATURE: 'hot' }), /OPENAI_TEMPERATURE.*a number from 0 to 2/);
  });
});

describe('the place of the listener', () => {
  it('goes by its other names where the usual ones are not set', () => {
    const place = (environment: Record<string, string>) => {
      const { host, port } = load(environment);
      return [host, port];
    };
    assert.deepEqual(place({}), ['127.0.0.1', 8000]);
    assert.deepEqual(place({ ENVIRONMENT: 'production' }), ['0.0.0.0', 8000]);
    assert.deepEqual(place({ API_HOST: '127.0.0.2', API_PORT: '9000', ENVIRONMENT: 'production' }), [
      '127.0.0.2',
      9000,
    ]);
    assert.deepEqual(place({ HOST: '127.0.0.3', API_HOST: '127.0.0.2', PORT: '1', API_PORT: '9000' }), [
      '127.0.0.3',
      1,
    ]);
  });
});
