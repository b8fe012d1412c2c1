import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { ProviderRecord } from './define-provider.ts';
import { PROVIDERS, providerById } from './registry.ts';

const NOT_RECORDS = new Set([
  'define-provider',
  'read-model-list',
  'registry',
  'families',
  'path-of',
  'speech-for',
  'deployed-record',
  'codec-of',
]);
/** Servers of the operator's own, which are nowhere until an address is set. */
const NAMED_BY_OPERATOR = new Set(['openai-compatible', 'vllm']);
const records: readonly (readonly [string, ProviderRecord])[] = Object.entries(PROVIDERS);

function idsInFolder(): string[] {
  const entries = readdirSync(import.meta.dirname, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => entry.name.slice(0, -'.ts'.length));
  return [...folders, ...files].filter((name) => !NOT_RECORDS.has(name)).sort();
}

describe('provider registry', () => {
  it('names exactly the records of its folder', () => {
    assert.deepEqual(Object.keys(PROVIDERS).sort(), idsInFolder());
  });

  it('files every record under its own id', () => {
    for (const [id, record] of records) assert.equal(record.id, id);
  });

  it('finds a record by id and nothing by an inherited name', () => {
    assert.equal(providerById('groq'), PROVIDERS.groq);
    assert.equal(providerById('toString'), undefined);
  });

  it('gives every provider an absolute address that ends without a slash', () => {
    for (const [id, record] of records) {
      if (NAMED_BY_OPERATOR.has(id)) continue;
      assert.match(new URL(record.baseUrl).protocol, /^https?:$/, id);
      assert.doesNotMatch(record.baseUrl, /\/$/, id);
    }
  });

  it('reaches every vendor on the internet over TLS only', () => {
    const plain = records.filter(([, record]) => record.baseUrl.startsWith('http://')).map(([id]) => id);
    assert.deepEqual(plain.sort(), ['llamacpp', 'lmstudio', 'ollama', 'simulator']);
  });

  it('starts every path with a slash and offers a format once for the same models', () => {
    for (const [id, record] of records) {
      const formats = record.speaks.map(({ format, models = [] }) => [format, ...models].join());
      assert.equal(new Set(formats).size, formats.length, id);
      for (const each of record.speaks)
        assert.match(each.path, /^\/[a-z0-9_/]+(?:\{model\})?(?:[:/][a-zA-Z]+(?:\?alt=sse)?)?$/, id);
      if (record.models) assert.match(record.models.listPath, /^\//, id);
    }
  });

  it('speaks a format or serves an endpoint', () => {
    for (const [id, { speaks, serves }] of records) assert.ok(speaks.length + Object.keys(serves ?? {}).length > 0, id);
  });

  it('names the page of the vendor that says so', () => {
    const OURS = new Set(['openai-compatible', 'simulator']);
    for (const [id, { source }] of records)
      if (!OURS.has(id)) assert.match(source ?? '', /^https:\/\/[\w.-]+\.[a-z]+/, id);
  });

  it('starts the path of every endpoint with a slash and ends it with its name', () => {
    for (const [id, record] of records)
      for (const [endpoint, { path }] of Object.entries(record.serves ?? {}))
        assert.ok(path.startsWith('/') && path.endsWith(`/${endpoint}`), `${id} ${path}`);
  });

  it('gives every provider its own upper-case environment prefix and key variable', () => {
    assert.equal(new Set(records.map(([, record]) => record.envPrefix)).size, records.length);
    for (const [id, record] of records) {
      assert.match(record.envPrefix, /^[A-Z][A-Z0-9_]*$/, id);
      const keyed = record.auth.find(({ kind }) => kind === 'bearer' || kind === 'header');
      if (keyed !== undefined && 'env' in keyed) assert.equal(keyed.env, `${record.envPrefix}_API_KEY`, id);
    }
  });

  it('writes headers in lower case', () => {
    for (const [id, record] of records) {
      for (const name of Object.keys(record.headers ?? {})) assert.equal(name, name.toLowerCase(), id);
    }
  });

  it('lets no model prefix of one provider begin a prefix of another', () => {
    const owned = records.flatMap(([id, record]) =>
      (record.modelPrefixes ?? []).map((prefix) => [id, prefix] as const),
    );
    for (const [id, prefix] of owned) {
      assert.equal(prefix, prefix.toLowerCase());
      const rivals = owned.filter(([other, each]) => other !== id && each.startsWith(prefix));
      assert.deepEqual(rivals, [], `${id} ${prefix}`);
    }
  });
});
