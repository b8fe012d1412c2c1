import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { createCatalog } from '@patchbay/llm/catalog/catalog';

import { seedSystemRows } from '../../src/operations/seeds/seed-system-rows.ts';
import { ENGINES } from '../storage/engines.ts';
import { openBench, type Bench, type Seen } from './bench.ts';

const row = (released: string, context = 1000) => ({ name: released, released, context, output: 'text', can: 'tools' });

/** A catalogue of another day: OpenAI has these models, nobody else has any. */
const catalogOf = (openai: Readonly<Record<string, ReturnType<typeof row>>>) => () =>
  Promise.resolve(createCatalog({ sources: [], providers: { openai } } as never));

for (const engine of ENGINES)
  describe(`what is built in, in ${engine.name}`, { skip: engine.skip }, () => {
    let bench: Bench;
    before(async () => {
      bench = await openBench(engine);
    });
    after(() => bench.close());
    const seed = (openai: Readonly<Record<string, ReturnType<typeof row>>>) =>
      seedSystemRows({ ...bench.parts, catalog: catalogOf(openai) });
    const models = async () =>
      (await bench.ask('models.ofProvider', { params: { providerId: 'openai' } })).value.map(
        ({ identifier, contextLength, status, isDefault }: Seen) => [identifier, contextLength, status, isDefault],
      );
    const idOf = async (identifier: string): Promise<string> =>
      (await bench.ask('models.list', { query: { search: identifier } })).value.data[0].id;

    it('is written once', async () => {
      assert.equal(await seed({ a: row('2026-01-01'), b: row('2026-02-01'), c: row('2026-03-01') }), true);
      assert.equal(await seed({ a: row('2026-01-01'), b: row('2026-02-01'), c: row('2026-03-01') }), false);
      const { value } = await bench.ask('providers.list', { query: { isSystem: 'true', sortBy: 'name' } });
      assert.deepEqual(value.data.map(({ identifier, status }: Seen) => [identifier, status]).sort(), [
        ['anthropic', 'active'],
        ['antigravity', 'active'],
        ['bedrock', 'active'],
        ['microsoft-copilot', 'active'],
        ['openai', 'active'],
      ]);
      assert.deepEqual((await models()).map(([name]: Seen) => name).sort(), ['a', 'b', 'c']);
    });

    it('cannot be deleted, but be given a key and be switched off', async () => {
      const params = { id: 'openai' };
      assert.equal((await bench.ask('providers.delete', { params })).failure?.code, 'SYSTEM_RESOURCE');
      const authConfig = { type: 'api_key', fields: { apiKey: 'canary-key-of-seeds' } };
      const given = await bench.ask('providers.update', { params, body: { authConfig, status: 'inactive' } });
      assert.equal(given.value.authConfig.fields.apiKey, '********eeds');
    });

    it('follows the catalogue, except where somebody changed it', async () => {
      await bench.ask('models.update', { params: { id: await idOf('b') }, body: { contextLength: 7 } });
      await bench.ask('models.delete', { params: { id: await idOf('c') } });
      await seed({ b: row('2026-02-01', 2000), c: row('2026-03-01'), d: row('2026-04-01', 3000) });
      assert.deepEqual(
        new Map((await models()).map(([name, ...rest]: Seen) => [name, rest])),
        new Map<string, unknown>([
          ['a', [1000, 'deprecated', false]],
          ['b', [7, 'active', false]],
          ['d', [3000, 'active', false]],
        ]),
      );
      const { value } = await bench.ask('providers.get', { params: { id: 'openai' } });
      assert.deepEqual([value.capabilities.maxContextLength, value.status], [3000, 'inactive']);
      assert.equal(value.authConfig.fields.apiKey, '********eeds');
      const template = await bench.ask('templates.get', { params: { id: 'openai' } });
      assert.deepEqual(
        template.value.defaultModels.map(({ identifier }: Seen) => identifier),
        ['d', 'c', 'b'],
      );
    });
  });
