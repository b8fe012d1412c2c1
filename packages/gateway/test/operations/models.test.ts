import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ENGINES } from '../storage/engines.ts';
import { openBench, sampleModel, sampleProvider, type Bench, type Seen } from './bench.ts';

for (const engine of ENGINES)
  describe(`models in ${engine.name}`, { skip: engine.skip }, () => {
    let bench: Bench;
    before(async () => {
      bench = await openBench(engine);
      bench.onRequest = (request, response) => {
        const data = [{ id: 'gpt-4', context_length: 8192 }, { id: 'gpt-5-mini' }, { id: 'bad name' }, { id: 'gpt-4' }];
        const isList = request.url?.endsWith('/models') === true;
        response.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify(isList ? { data } : { error: { message: 'model not found', code: 'model_not_found' } }),
        );
      };
      await bench.ask('providers.create', { body: sampleProvider(bench.url) });
    });
    after(() => bench.close());
    const create = (body: object) => bench.ask('models.create', { params: { providerId: 'custom-openai' }, body });
    const get = async (id: string) => (await bench.ask('models.get', { params: { id } })).value;

    it('are made once', async () => {
      const made = await create(sampleModel());
      assert.deepEqual([made.value.status, made.value.isDefault, made.value.contextLength], ['active', false, 8192]);
      assert.equal((await create(sampleModel())).failure?.code, 'MODEL_ALREADY_EXISTS');
      const plain = await create({ identifier: 'plain', name: 'Plain', contextLength: 100 });
      assert.deepEqual(
        [plain.value.capabilities.maxContextLength, plain.value.capabilities.supportsTools],
        [100, true],
      );
    });

    it('never claim more than their provider can do', async () => {
      const long = await create({ ...sampleModel('long'), contextLength: 128_001 });
      assert.deepEqual([long.failure?.code, long.failure?.field], ['INVALID_MODEL_CONFIG', 'contextLength']);
      const { capabilities } = sampleModel();
      const roles = { ...capabilities, supportedRoles: ['user', 'tool'] };
      const refused = await create({ ...sampleModel('roles'), capabilities: roles });
      assert.match(refused.failure?.message ?? '', /no role tool/);
      const { value } = await create(sampleModel('grows'));
      const grown = await bench.ask('models.update', { params: { id: value.id }, body: { contextLength: 200_000 } });
      assert.equal(grown.failure?.code, 'INVALID_MODEL_CONFIG');
    });

    it('have one default for each provider, whoever sets it', async () => {
      const ids: string[] = [];
      for (const name of ['d1', 'd2', 'd3'])
        ids.push((await create({ ...sampleModel(name), isDefault: name === 'd1' })).value.id);
      await Promise.all(ids.slice(1).map((id) => bench.ask('models.setDefault', { params: { id } })));
      const defaults = await bench.ask('models.list', { query: { isDefault: 'true' } });
      assert.equal(defaults.value.pagination.total, 1);
      assert.ok(['d2', 'd3'].includes(defaults.value.data[0].identifier));
    });

    it('tell who was slower', async () => {
      const { value } = await create(sampleModel('raced'));
      const change = (name: string) =>
        bench.ask('models.update', { params: { id: value.id }, body: { name, version: value.version } });
      const answers = await Promise.all([change('one'), change('two')]);
      assert.deepEqual(
        answers.flatMap(({ failure }) => failure?.code ?? []),
        ['CONFLICT'],
      );
    });

    it('are listed by context and by what they can do', async () => {
      const { capabilities } = sampleModel();
      await create({
        ...sampleModel('sees'),
        contextLength: 20,
        capabilities: { ...capabilities, supportsVision: true },
      });
      const list = async (query: object) =>
        (await bench.ask('models.list', { query })).value.data.map(({ identifier }: Seen) => identifier);
      assert.deepEqual(await list({ maxContextLength: '20' }), ['sees']);
      assert.deepEqual(await list({ capabilities: 'supportsVision,supportsTools', limit: '1' }), ['sees']);
      assert.deepEqual(await list({ capabilities: `no"such'thing` }), []);
      assert.deepEqual(await list({ providerId: 'nobody' }), []);
      assert.deepEqual(await list({ providerId: 'custom-openai', search: 'RACED' }), ['raced']);
    });

    it('are changed by the dozen, each for itself', async () => {
      const { value: one } = await create(sampleModel('one'));
      const bulk = (operation: string, ...models: object[]) =>
        bench.ask('models.bulk', { body: { operation, models } });
      const off = await bulk('deactivate', { id: one.id }, { id: 'nobody' });
      assert.deepEqual([off.value.success, off.value.summary], [false, { total: 2, succeeded: 1, failed: 1 }]);
      assert.equal((await get(one.id)).status, 'inactive');
      const made = await bulk('create', { ...sampleModel('bulk'), providerId: 'custom-openai' }, { name: 'x' });
      assert.deepEqual(
        made.value.results.map(({ ok }: Seen) => ok),
        [true, false],
      );
      assert.match(made.value.results[1].error, /identifier/);
      assert.equal((await bulk('delete', { id: made.value.results[0].id })).changes.length, 1);
    });

    it('are taken from the list of their provider, and described by the catalogue', async () => {
      await bench.ask('providers.create', { body: sampleProvider(bench.url, 'lists') });
      const take = async (body: object) =>
        (await bench.ask('models.import', { params: { providerId: 'lists' }, body })).value;
      assert.deepEqual((await take({ dryRun: true })).summary, {
        total: 3,
        imported: 2,
        skipped: 0,
        errors: 1,
        dryRun: true,
      });
      const taken = await take({});
      assert.deepEqual(taken.import.imported, ['gpt-4', 'gpt-5-mini']);
      assert.equal(taken.import.errors[0].identifier, 'bad name');
      const models = (await bench.ask('models.ofProvider', { params: { providerId: 'lists' } })).value;
      const mini = models.find(({ identifier }: Seen) => identifier === 'gpt-5-mini');
      // The catalogue knows more, but the provider is said to take 128,000 tokens at most.
      assert.deepEqual([mini.contextLength, mini.capabilities.supportsVision], [128_000, true]);
      assert.deepEqual((await take({})).summary.skipped, 2);
      assert.equal((await take({ overwrite: true })).summary.imported, 2);
    });

    it('are compared with what is known of them', async () => {
      const { capabilities } = sampleModel();
      const { value } = await create({
        ...sampleModel('gpt-4o-mini'),
        capabilities: { ...capabilities, supportsVision: false },
      });
      const check = (await bench.ask('models.validateCapabilities', { params: { id: value.id } })).value;
      assert.equal(check.valid, false);
      assert.deepEqual(check.differences, [
        'Provider `custom-openai` does not list a model `gpt-4o-mini`.',
        'supportsVision is false, but the model can do that.',
      ]);
    });

    it('are tried by a call, whose failure is an answer', async () => {
      const { value } = await create(sampleModel('gone'));
      const tried = (await bench.ask('models.test', { params: { id: value.id } })).value;
      assert.equal(tried.success, false);
      assert.match(tried.errors.join(), /not found/i);
    });

    it('have done nothing where nobody called them, and are not found where there are none', async () => {
      const { value } = await create(sampleModel('idle'));
      assert.equal(
        (await bench.ask('models.stats', { params: { id: value.id } })).value.requests,
        'custom-openaiidle'.length,
      );
      assert.equal((await bench.ask('models.get', { params: { id: 'nobody' } })).failure?.code, 'MODEL_NOT_FOUND');
    });
  });
