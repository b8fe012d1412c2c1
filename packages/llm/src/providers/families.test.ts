import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadCatalog } from '../catalog/load-catalog.ts';
import { comparableModel, FAMILIES, familyOf } from './families.ts';

/** Names as hosts write them, and the family each belongs to. Every family has one here. */
const MEMBERS = [
  ['openai/gpt-oss-120b', 'gpt-oss'],
  ['openai.gpt-oss-20b-1:0', 'gpt-oss'],
  ['o1', 'openai-o'],
  ['o3-mini-2025-01-31', 'openai-o'],
  ['openai/o4-mini', 'openai-o'],
  ['gpt-5-chat-latest', 'gpt-5-chat'],
  ['gpt-5.2-chat-latest', 'gpt-5.x-chat'],
  ['gpt-5-pro-2025-10-06', 'gpt-5-pro'],
  ['gpt-5.4-pro', 'gpt-5.x-pro'],
  ['gpt-5.1-codex-max', 'gpt-5.1-codex'],
  ['gpt-5', 'gpt-5'],
  ['gpt-5-mini-2025-08-07', 'gpt-5'],
  ['gpt-5.1-2025-11-13', 'gpt-5.1'],
  ['gpt-5.4-nano', 'gpt-5.2-5.4'],
  ['gpt-5.5', 'gpt-5.5'],
  ['gpt-6-astra', 'gpt-6-astra'],
  ['us.openai.gpt-5.6-luna', 'gpt-5.6-6'],
  ['gpt-6-sol', 'gpt-5.6-6'],
  ['claude-fable-5-1', 'claude-always'],
  ['anthropic/claude-opus-5.5', 'claude-always'],
  ['claude-opus-5', 'claude-5'],
  ['claude-sonnet-5@default', 'claude-5'],
  ['us.anthropic.claude-opus-4-7', 'claude-4.7-4.8'],
  ['anthropic/claude-4.7-opus-20260512', 'claude-4.7-4.8'],
  ['anthropic.claude-opus-4-6-v1', 'claude-4.6'],
  ['claude-opus-4-5-20251101', 'claude-opus-4.5'],
  ['claude-opus-4-1-20250805', 'claude-4.5'],
  ['claude-haiku-4-5', 'claude-4.5'],
  ['claude-sonnet-4-20250514', 'claude-budget'],
  ['anthropic.claude-3-7-sonnet-20250219-v1:0', 'claude-budget'],
  ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
  ['gemini-2.5-flash-lite-preview-09-2025', 'gemini-2.5-flash-lite'],
  ['google/gemini-2.5-flash', 'gemini-2.5-flash'],
  ['gemini-3-pro-preview', 'gemini-3-pro'],
  ['gemini-3.1-pro-preview-customtools', 'gemini-3.x'],
  ['gemini-3.8-flash', 'gemini-3.x'],
  ['gemini-3.1-flash-lite', 'gemini-3-flash'],
  ['gemini-flash-latest', 'gemini-latest'],
  ['google/gemma-3-27b-it', 'gemma'],
  ['gemma2:9b', 'gemma'],
  ['deepseek-ai/DeepSeek-R1', 'deepseek-r1'],
  ['deepseek-flash', 'deepseek-v4'],
  ['accounts/fireworks/models/deepseek-v4p1-flash', 'deepseek-v4'],
  ['moonshotai/Kimi-K3', 'kimi-k3'],
  ['kimi-k2.7-code', 'kimi-k2.7'],
  ['accounts/fireworks/models/kimi-k2p6', 'kimi-k2.5-2.6'],
  ['moonshot.kimi-k2-thinking', 'kimi-k2-thinking'],
  ['accounts/fireworks/models/glm-5p3-flash', 'glm-5.3'],
  ['zai-org/GLM-5.2', 'glm-5.2'],
  ['zai-glm-4.7', 'glm-4.5-5.1'],
  ['grok-3-mini', 'grok-3-mini'],
  ['x-ai/grok-4.3', 'grok-4.3'],
  ['grok-4.5-latest', 'grok-4.5'],
  ['us.xai.grok-4.6', 'grok-4.6-4.7'],
  ['grok-4-0709', 'grok-4'],
  ['magistral-medium-latest', 'magistral'],
  ['mistral-small-latest', 'mistral-adjustable'],
  ['Qwen/Qwen3-235B-A22B-Thinking-2507', 'qwen-thinking'],
  ['qwen-3-235b-a22b-instruct-2507', 'qwen-instruct'],
  ['qwen3-coder-plus', 'qwen-instruct'],
  ['qwen3.8-max', 'qwen3.8'],
  ['qwen3.6-plus', 'qwen3.5-3.7'],
  ['qwen-plus', 'qwen3-commercial'],
  ['qwen/qwen3-32b', 'qwen3-open'],
  ['meta-llama/Llama-3.3-70B-Instruct-Turbo', 'llama'],
  ['accounts/fireworks/models/llama-v3p1-8b-instruct', 'llama'],
] as const;

/** Names that look like members and are none. */
const STRANGERS = [
  'gpt-4o',
  'gpt-image-2',
  'claude-3-5-haiku-latest',
  'gemini-2.5-flash-image',
  'gemma-4-31b-it',
  'grok-4-fast-non-reasoning',
  'mistral-large-latest',
  'qwen2-5-72b-instruct',
  'text-embedding-3-small',
  'my-own-model',
  '',
];

const facts = (model: string) => familyOf(model)?.facts;

describe('families of models', () => {
  for (const [model, id] of MEMBERS) {
    it(`counts ${model} to ${id}`, () => assert.equal(familyOf(model)?.id, id));
  }

  for (const model of STRANGERS) {
    it(`has nothing to say of ${model || 'no name'}`, () => assert.equal(familyOf(model), undefined));
  }

  it('have one id, a page of their vendor and a member each', () => {
    const ids = FAMILIES.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    const seen = new Set<string>(MEMBERS.map(([, id]) => id));
    for (const { id, source } of FAMILIES) {
      assert.match(source, /^https:\/\/[a-z0-9.-]+\/\S+$/, id);
      assert.ok(seen.has(id), `${id} has no member among the names above`);
    }
  });

  it('agree with the catalogue on what their vendors accept', async () => {
    const catalog = await loadCatalog();
    for (const provider of ['openai', 'anthropic', 'gemini', 'deepseek', 'xai', 'moonshot']) {
      for (const { id, thinking } of catalog.modelsOf(provider)) {
        const ours = facts(id)?.thinking?.efforts;
        if (ours !== undefined && thinking?.efforts !== undefined)
          assert.deepEqual(thinking.efforts, ours, `${provider}/${id}`);
      }
    }
  });
});

describe('what families demand', () => {
  it('keeps settings of sampling from reasoning models', () => {
    assert.ok(facts('o3')?.refuses?.includes('temperature'));
    assert.equal(facts('o3')?.refusesWhile, undefined);
    assert.equal(facts('gpt-5.4')?.refusesWhile, 'thinking');
    assert.deepEqual(facts('claude-opus-5')?.refuses, ['temperature', 'topP', 'topK']);
    assert.ok(facts('kimi-k3')?.refuses?.includes('candidateCount'));
    assert.ok(!facts('grok-4.5')?.refuses?.includes('temperature'));
  });

  it('bounds the answers of reasoning models under their own name', () => {
    assert.equal(facts('gpt-5.6-luna')?.maxTokensField, 'max_completion_tokens');
    assert.equal(facts('deepseek-flash')?.maxTokensField, undefined);
  });

  it('says how each is told to think', () => {
    const by = (model: string) => facts(model)?.thinking?.by.join(' ');
    assert.equal(by('claude-opus-4-8'), 'adaptive effort');
    assert.equal(by('claude-sonnet-4-5'), 'budget');
    assert.equal(by('gemini-2.5-flash'), 'budget');
    assert.equal(by('gemini-3.5-flash'), 'level');
    assert.equal(by('gpt-5.5'), 'effort');
    assert.equal(by('qwen3.6-plus'), 'switch budget');
    assert.equal(by('magistral-medium-latest'), '');
  });

  it('says what GPT refuses together with tools', () => {
    assert.equal(facts('gpt-5.4')?.refusesChatTools, 'with-effort');
    assert.equal(facts('gpt-5.6')?.refusesChatTools, 'unless-effort-none');
    assert.equal(facts('gpt-5')?.refusesChatTools, undefined);
  });

  it('says when Claude may not be forced to call a tool', () => {
    const forced = ['claude-opus-5-5', 'claude-opus-5', 'claude-sonnet-4-5'].map(
      (model) => facts(model)?.refusesForcedTools,
    );
    assert.deepEqual(forced, ['always', undefined, 'while-thinking']);
  });

  it('sends reasoning back where calls are refused without it', () => {
    const wanting = ['deepseek-v4-pro', 'kimi-k2.6', 'glm-5.3'].filter((model) => facts(model)?.wantsReasoningBack);
    assert.deepEqual(wanting, ['deepseek-v4-pro', 'kimi-k2.6']);
  });
});

describe('the comparable name of a model', () => {
  const NAMES = [
    ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-7-v1:0', 'claude-opus-4-7-v1'],
    ['projects/p/locations/l/publishers/google/models/gemini-3-pro-preview', 'gemini-3-pro-preview'],
    ['anthropic/claude-3.7-sonnet:thinking', 'claude-sonnet-3.7'],
    ['ft:gpt-4o-2024-08-06:acme::a1', 'gpt-4o-2024-08-06'],
    ['us-gov.openai.gpt-oss-120b-1:0', 'gpt-oss-120b-1'],
  ] as const;

  for (const [model, name] of NAMES) {
    it(`of ${model} is ${name}`, () => assert.equal(comparableModel(model), name));
  }
});
