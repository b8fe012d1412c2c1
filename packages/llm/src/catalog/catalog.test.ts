import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { CatalogData } from './catalog-data.ts';
import { catalogProblems } from './catalog-problems.ts';
import { createCatalog } from './catalog.ts';
import { loadCatalog } from './load-catalog.ts';

const price = (input: number) => ({ input, output: 2 * input });

const DATA: CatalogData = {
  sources: [],
  providers: {
    anthropic: { 'claude-opus-5': { name: 'Opus', price: price(5) } },
    bedrock: {
      'anthropic.claude-sonnet-4-5-20250929-v1:0': { name: 'Sonnet', price: price(3) },
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0': { name: 'Sonnet (US)', price: price(3.3) },
    },
    fireworks: {
      'accounts/fireworks/models/kimi-k3': { name: 'Kimi', price: price(3) },
      'glm-5p2': { name: 'GLM', price: price(1.4) },
    },
    openai: {
      'ft:gpt-4o': { name: 'GPT-4o, fine-tuned', price: price(3.75) },
      'gpt-4o': { name: 'GPT-4o', price: price(2.5), aliases: ['chatgpt-4o'] },
      'gpt-4o-2024-05-13': { name: 'GPT-4o', price: price(5) },
      'o1-2024-12-17': { name: 'o1', price: price(14) },
      'o1-2025-12-17': { name: 'o1', price: price(15) },
      'whisper-1': { name: 'Whisper' },
    },
    openrouter: { 'anthropic/claude-opus-5': { name: 'Opus', price: price(5) } },
    vertex: { 'claude-opus-5@default': { name: 'Opus', price: price(5) } },
  },
};
const catalog = createCatalog(DATA);

function described(provider: string, name: string): string {
  const found = catalog.findModel(provider, name);
  const cost = catalog.priceOf(provider, name, 0);
  const shown = cost.state === 'priced' ? cost.usdPerMillionTokens.input : cost.state;
  return `${found === undefined ? 'nothing' : `${found.match} ${found.model.provider}/${found.model.id}`}, ${shown}`;
}

describe('names of models', () => {
  const NAMES = [
    ['openai', 'gpt-4o', 'exact openai/gpt-4o, 2.5'],
    ['openai', 'GPT-4o', 'exact openai/gpt-4o, 2.5'],
    ['openai', 'openai/gpt-4o', 'exact openai/gpt-4o, 2.5'],
    ['openai', 'chatgpt-4o', 'alias openai/gpt-4o, 2.5'],
    ['openai', 'gpt-4o-2024-05-13', 'exact openai/gpt-4o-2024-05-13, 5'],
    ['openai', 'gpt-4o-2026-01-31', 'dated openai/gpt-4o, 2.5'],
    ['openai', 'chatgpt-4o-latest', 'dated openai/gpt-4o, 2.5'],
    ['openai', 'o1', 'dated openai/o1-2025-12-17, 15'],
    ['openai', 'gpt-4', 'nothing, unknown'],
    ['openai', 'gpt-4o-mini', 'nothing, unknown'],
    ['openai', 'gpt-4o-0513', 'nothing, unknown'],
    ['openai', 'whisper-1', 'exact openai/whisper-1, unknown'],
    ['openai', 'ft:gpt-4o-2024-08-06:acme::a1', 'dated openai/ft:gpt-4o, 3.75'],
    ['openai', 'ft:o1-2024-12-17:acme::a1', 'variant openai/o1-2024-12-17, unknown'],
    ['openai', 'toString', 'nothing, unknown'],
    [
      'bedrock',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'exact bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0, 3.3',
    ],
    [
      'bedrock',
      'arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'exact bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0, 3.3',
    ],
    ['bedrock', 'anthropic.claude-sonnet-4-5', 'dated bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0, 3'],
    [
      'bedrock',
      'jp.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'variant bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0, unknown',
    ],
    ['bedrock', 'eu.anthropic.claude-opus-5-v1:0', 'maker anthropic/claude-opus-5, unknown'],
    ['fireworks', 'kimi-k3', 'exact fireworks/accounts/fireworks/models/kimi-k3, 3'],
    ['fireworks', 'accounts/fireworks/models/glm-5p2', 'exact fireworks/glm-5p2, 1.4'],
    ['openrouter', 'anthropic/claude-opus-5', 'exact openrouter/anthropic/claude-opus-5, 5'],
    ['openrouter', 'anthropic/claude-opus-5:nitro', 'variant openrouter/anthropic/claude-opus-5, unknown'],
    ['openrouter', 'anthropic/claude-opus-5:free', 'variant openrouter/anthropic/claude-opus-5, free'],
    ['openrouter', 'openai/gpt-4o', 'maker openai/gpt-4o, unknown'],
    ['openrouter', 'acme/nobody-knows', 'nothing, unknown'],
    ['vertex', 'claude-opus-5', 'dated vertex/claude-opus-5@default, 5'],
    ['vertex', 'publishers/anthropic/models/claude-opus-5@20260724', 'dated vertex/claude-opus-5@default, 5'],
    ['openai-compatible', 'claude-opus-5', 'maker anthropic/claude-opus-5, unknown'],
    ['__proto__', 'x', 'nothing, unknown'],
    ['ollama', 'qwen3:8b', 'nothing, free'],
    ['ollama', 'gpt-oss:120b-cloud', 'nothing, unknown'],
    ['llamacpp', 'my-own.gguf', 'nothing, free'],
    ['ollama-cloud', 'my-own', 'nothing, unknown'],
    ['simulator', 'echo', 'nothing, free'],
  ] as const;

  for (const [provider, name, expected] of NAMES) {
    it(`reads ${name} at ${provider}`, () => assert.equal(described(provider, name), expected));
  }

  it('lists the models of a provider, and none of a stranger', () => {
    assert.deepEqual(
      catalog.modelsOf('fireworks').map(({ id }) => id),
      ['accounts/fireworks/models/kimi-k3', 'glm-5p2'],
    );
    assert.deepEqual(catalog.modelsOf('constructor'), []);
    assert.deepEqual(catalog.providers, ['anthropic', 'bedrock', 'fireworks', 'openai', 'openrouter', 'vertex']);
  });
});

describe('facts of a model', () => {
  it('keeps unknown apart from no', () => {
    const { openai } = {
      openai: {
        plain: { name: 'Plain' },
        rich: {
          name: 'Rich',
          released: '2026-01-02',
          status: 'beta',
          context: 1000,
          outputLimit: 100,
          input: 'text image pdf',
          output: 'text',
          can: 'tools',
          cannot: 'temperature',
          efforts: 'low high',
          budget: [1024, null] as const,
          price: { ...price(1), cacheRead: 0.1 },
        },
      },
    };
    const models = createCatalog({ sources: [], providers: { openai } }).modelsOf('openai');
    assert.deepEqual(models, [
      { provider: 'openai', id: 'plain', name: 'Plain', capabilities: {} },
      {
        provider: 'openai',
        id: 'rich',
        name: 'Rich',
        releasedOn: '2026-01-02',
        status: 'beta',
        contextTokens: 1000,
        maxOutputTokens: 100,
        input: ['text', 'image', 'pdf'],
        output: ['text'],
        capabilities: { tools: true, temperature: false, vision: true, pdf: true, audio: false, caching: true },
        thinking: { efforts: ['low', 'high'], budgetTokens: { min: 1024 }, canBeSwitched: false },
      },
    ]);
  });
});

describe('the catalogue of this release', () => {
  it('is sound, and small enough to ship', () => {
    const text = readFileSync(new URL('models.json', import.meta.url), 'utf8');
    assert.deepEqual(catalogProblems(JSON.parse(text)), []);
    assert.ok(text.length < 600_000, `${text.length} characters`);
  });

  it('says where every row comes from and under which licence', async () => {
    const { sources } = await loadCatalog();
    assert.deepEqual(
      sources.map(({ name, licence }) => `${name} ${licence}`),
      ['models.dev MIT', 'genai-prices MIT'],
    );
    for (const { date } of sources) assert.match(date, /^\d{4}-\d{2}-\d{2}$/);
  });

  it('finds every listed name as itself', async () => {
    const release = await loadCatalog();
    for (const provider of release.providers) {
      for (const { id } of release.modelsOf(provider)) {
        const found = release.findModel(provider, id);
        assert.deepEqual(
          [found?.match, found?.model.id.toLowerCase()],
          ['exact', id.toLowerCase()],
          `${provider}/${id}`,
        );
      }
    }
  });

  it('prices an hour of cache for every Claude whose five minutes it prices as Anthropic does', async () => {
    const release = await loadCatalog();
    for (const { id } of release.modelsOf('anthropic')) {
      const cost = release.priceOf('anthropic', id, 0);
      if (cost.state !== 'priced' || cost.usdPerMillionTokens.cacheWrite === undefined) continue;
      assert.equal(cost.usdPerMillionTokens.cacheWrite1h, 2 * cost.usdPerMillionTokens.input, id);
    }
  });
});
