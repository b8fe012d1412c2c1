import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

import { sendJson, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

/** What the providers say they have; Voyage and Perplexity have no list, Fireworks does not answer. */
const LISTS: Readonly<Record<string, unknown>> = {
  '/openai/models': {
    object: 'list',
    data: [
      { id: 'gpt-4o', created: 1_715_367_049 },
      { id: 'gpt-unheard-of', created: 0 },
    ],
  },
  '/anthropic/models?limit=1000': {
    data: [{ id: 'claude-opus-5', display_name: 'Opus by its maker', created_at: '2026-07-24T00:00:00Z' }],
  },
  '/gemini/models?pageSize=1000': {
    models: [{ name: 'models/gemini-2.5-pro', displayName: 'Gemini 2.5 Pro', outputTokenLimit: 1234 }],
  },
  '/cohere/v1/models?page_size=1000': { models: [{ name: 'command-a-03-2025', context_length: 99_000 }] },
  '/groq/models': { data: [{ id: 'all-that-is-left' }] },
  '/llamacpp/models': { data: [{ id: 'own.gguf' }] },
};

interface Facts {
  readonly provider: string;
  readonly context_tokens?: number;
  readonly max_output_tokens?: number;
  readonly input?: readonly string[];
  readonly capabilities: Readonly<Record<string, boolean>>;
  readonly price: { readonly state: string; readonly usd_per_million_tokens?: Readonly<Record<string, number>> };
}

let upstream: ScriptedUpstream;
let gateway: TestGateway;

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${TEST_KEY}`, ...headers } });

async function factsOf(id: string): Promise<Facts> {
  return ((await (await get(`/v1/models/${id}`)).json()) as { patchbay: Facts }).patchbay;
}

before(async () => {
  upstream = await startUpstream(({ path }, response) => {
    const list = LISTS[path];
    if (list === undefined) return sendJson(response, 503, { error: { message: 'resting' } });
    sendJson(response, 200, list);
  });
  const ids = ['openai', 'anthropic', 'gemini', 'cohere', 'groq', 'llamacpp', 'fireworks', 'perplexity', 'voyage'];
  gateway = await startGateway(
    ids.map((id) => provider(id, `${upstream.url}/${id}`, `canary-${id}`)),
    { aliases: new Map([['fast', ['openai/gpt-4o']]]) },
  );
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

describe('the list of models', () => {
  it('has what providers say they have, and from the catalogue what they do not say', async () => {
    const { data } = (await (await get('/v1/models')).json()) as { data: readonly { id: string }[] };
    const of = (id: string): readonly string[] =>
      data.filter((each) => each.id.startsWith(`${id}/`)).map((each) => each.id);
    assert.deepEqual(of('openai'), ['openai/gpt-4o', 'openai/gpt-unheard-of']);
    assert.deepEqual(of('anthropic'), ['anthropic/claude-opus-5']);
    assert.ok(of('perplexity').includes('perplexity/sonar-pro'), of('perplexity').join());
    assert.ok(of('fireworks').length > 10);
    assert.deepEqual(of('voyage'), []);
    assert.equal(new Set(data.map((each) => each.id)).size, data.length);
  });

  it('says in OpenAI’s shape which provider has what, with the names of both', async () => {
    const list = (await (await get('/v1/models')).json()) as {
      data: readonly { id: string; name: string; created: number; context_length?: number }[];
      providers: readonly { id: string; name: string; models: readonly string[] }[];
    };
    const model = list.data.find(({ id }) => id === 'openai/gpt-4o');
    assert.deepEqual([model?.name, model?.created, model?.context_length], ['GPT-4o', 1_715_367_049, 128_000]);
    assert.deepEqual(
      list.providers.find(({ id }) => id === 'cohere'),
      { id: 'cohere', name: 'Cohere', models: ['cohere/command-a-03-2025'] },
    );
  });

  it('is whole for the official clients', async () => {
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
    const google = new GoogleGenAI({ apiKey: TEST_KEY, httpOptions: { baseUrl: gateway.url } });
    assert.equal((await openai.models.retrieve('anthropic/claude-opus-5')).id, 'anthropic/claude-opus-5');
    const claude = await anthropic.models.retrieve('anthropic/claude-opus-5');
    assert.deepEqual([claude.display_name, claude.max_tokens], ['Opus by its maker', 128_000]);
    assert.equal(claude.created_at, '2026-07-24T00:00:00.000Z');
    const gemini = await google.models.get({ model: 'gemini/gemini-2.5-pro' });
    assert.deepEqual(
      [gemini.displayName, gemini.inputTokenLimit, gemini.outputTokenLimit],
      ['Gemini 2.5 Pro', 1_048_576, 1234],
    );
    const ids: string[] = [];
    for await (const model of anthropic.models.list({ limit: 20 })) ids.push(model.id);
    assert.ok(ids.includes('cohere/command-a-03-2025'));
  });

  it('tells them apart at /v1 and has Gemini’s shape at /v1beta whatever the headers', async () => {
    assert.ok('models' in ((await (await get('/v1/models', { 'x-goog-api-client': 'x' })).json()) as object));
    assert.ok('has_more' in ((await (await get('/v1/models', { 'anthropic-version': 'x' })).json()) as object));
    assert.ok('models' in ((await (await get('/v1beta/models')).json()) as object));
    const one = (await (await get('/v1beta/models/openai/gpt-4o')).json()) as { name: string };
    assert.equal(one.name, 'models/openai/gpt-4o');
  });

  it('answers HEAD like GET without a body', async () => {
    for (const path of ['/v1/models', '/v1/models/openai/gpt-4o', '/v1beta/models']) {
      const response = await get(path, {}, 'HEAD');
      assert.equal(response.status, 200, path);
      assert.equal(await response.text(), '');
      assert.ok(Number(response.headers.get('content-length')) > 100, path);
    }
    assert.equal((await get('/v1/models/openai/nothing', {}, 'HEAD')).status, 404);
  });
});

describe('a model of the list', () => {
  it('is found by its provider’s own name, by an alias, and with its slashes encoded', async () => {
    for (const [asked, id] of [
      ['gpt-4o', 'openai/gpt-4o'],
      ['fast', 'fast'],
      ['openai%2Fgpt-4o', 'openai/gpt-4o'],
    ])
      assert.equal(((await (await get(`/v1/models/${asked}`)).json()) as { id: string }).id, id);
  });

  it('is described by its provider first and by the catalogue then', async () => {
    assert.equal((await factsOf('cohere/command-a-03-2025')).context_tokens, 99_000);
    const facts = await factsOf('openai/gpt-4o');
    assert.equal(facts.provider, 'openai');
    assert.deepEqual(facts.input, ['text', 'image', 'pdf']);
    assert.equal(facts.capabilities['tools'], true);
  });

  it('has a price, is free, or has a price that nobody knows, which is not zero', async () => {
    const { price } = await factsOf('openai/gpt-4o');
    assert.equal(price.state, 'priced');
    assert.equal(price.usd_per_million_tokens?.['input'], 2.5);
    assert.ok(price.usd_per_million_tokens?.['cache_read'] !== undefined);
    assert.deepEqual((await factsOf('llamacpp/own.gguf')).price, { state: 'free' });
    assert.deepEqual((await factsOf('openai/gpt-unheard-of')).price, { state: 'unknown' });
    assert.ok('cache_write_1h' in ((await factsOf('anthropic/claude-opus-5')).price.usd_per_million_tokens ?? {}));
  });
});

describe('a bare name', () => {
  const askedOf = async (model: string): Promise<string | undefined> => {
    const response = await post(gateway, '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'a' }] });
    await response.text();
    return (await gateway.nextRecord()).attempts[0]?.providerId;
  };

  it('goes to the provider that lists it, else to the one that the catalogue names, else by its beginning', async () => {
    assert.equal(await askedOf('own.gguf'), 'llamacpp');
    assert.equal(await askedOf('accounts/fireworks/models/glm-5p3'), 'fireworks');
    assert.equal(await askedOf('claude-not-yet-known'), 'anthropic');
  });

  it('goes nowhere when the one provider that the catalogue names does not list it any more', async () => {
    assert.equal(await askedOf('allam-2-7b'), undefined);
  });
});
