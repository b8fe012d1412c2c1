import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ENGINES } from '../storage/engines.ts';
import { openBench, sampleModel, sampleProvider, type Bench, type Seen } from './bench.ts';

const KEY = 'canary-key-of-operations';

for (const engine of ENGINES)
  describe(`providers in ${engine.name}`, { skip: engine.skip }, () => {
    let bench: Bench;
    before(async () => {
      bench = await openBench(engine);
      bench.onRequest = (request, response) => {
        const isKnown = request.headers.authorization === `Bearer ${KEY}`;
        response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isKnown ? { data: [{ id: 'gpt-4' }] } : { error: { message: 'no' } }));
      };
    });
    after(() => bench.close());
    const make = async (identifier: string, apiKey?: string) =>
      (await bench.ask('providers.create', { body: sampleProvider(bench.url, identifier, apiKey) })).value;
    const update = (id: string, body: object) => bench.ask('providers.update', { params: { id }, body });

    it('are made, serve at once, and are tested while nobody waits', async () => {
      const looks = bench.refreshed();
      const made = await bench.ask('providers.create', { body: sampleProvider(bench.url) });
      assert.equal(made.value.authConfig.fields.apiKey, '********ions');
      assert.equal(made.value.status, 'active');
      assert.equal(bench.refreshed(), looks + 1);
      await bench.background.idle();
      const { value } = await bench.ask('providers.get', { params: { id: 'custom-openai' } });
      assert.deepEqual([value.id, value.version], [made.value.id, 1]);
      assert.equal(value.testResult.success, true, value.testResult.errors.join());
      assert.deepEqual(value.testResult.availableModels, ['gpt-4']);
    });

    it('are refused where something is wrong, with what to do', async () => {
      const create = async (more: object) =>
        (await bench.ask('providers.create', { body: { ...sampleProvider(bench.url, 'refused'), ...more } })).failure;
      const taken = await create({ identifier: 'custom-openai' });
      assert.deepEqual([taken?.code, taken?.suggestions], ['PROVIDER_ALREADY_EXISTS', ['custom-openai-2']]);
      assert.deepEqual((await create({ identifier: 'Custom OpenAI' }))?.suggestions, ['custom-openai']);
      assert.equal((await create({ apiEndpoint: 'api.openai.com' }))?.code, 'INVALID_ENDPOINT');
      const missing = await create({ authConfig: { type: 'api_key', fields: {} } });
      assert.deepEqual(
        [missing?.code, missing?.validationErrors?.[0]?.field],
        ['VALIDATION_ERROR', 'authConfig.fields.apiKey'],
      );
    });

    it('are found by id and by identifier, or not', async () => {
      const { id } = await make('found');
      assert.equal((await bench.ask('providers.get', { params: { id } })).value.identifier, 'found');
      for (const unknown of ['unknown', id.replace(/^.{8}/, '00000000')])
        assert.equal(
          (await bench.ask('providers.get', { params: { id: unknown } })).failure?.code,
          'PROVIDER_NOT_FOUND',
        );
    });

    it('keep their secret through every change that does not name another', async () => {
      const { id, authConfig } = await make('keeps');
      for (const body of [{ name: 'New' }, { authConfig }, { authConfig: { type: 'api_key', fields: {} } }])
        assert.ok((await update(id, body)).ok);
      const tested = await bench.ask('providers.test', { params: { id } });
      assert.equal(tested.value.success, true, tested.value.errors.join());
      const other = { type: 'api_key', fields: { apiKey: 'canary-another-key-0000' } };
      assert.equal((await update(id, { authConfig: other })).value.authConfig.fields.apiKey, '********0000');
      assert.equal((await bench.ask('providers.test', { params: { id } })).value.success, false);
    });

    it('tell of two who change one at once the slower, and lose nothing', async () => {
      const { id, version } = await make('raced');
      const answers = await Promise.all([
        update(id, { name: 'One', version }),
        update(id, { description: 'other', version }),
      ]);
      const [lost] = answers.filter(({ ok }) => !ok);
      assert.deepEqual([lost?.failure?.code, lost?.failure?.details], ['CONFLICT', { currentVersion: version + 1 }]);
      const many = ['organizationId', 'projectId', 'region'].map((name) =>
        update(id, { authConfig: { type: 'api_key', fields: { [name]: 'x' } } }),
      );
      assert.ok((await Promise.all(many)).every(({ ok }) => ok));
      const { value } = await bench.ask('providers.get', { params: { id } });
      assert.deepEqual(Object.keys(value.authConfig.fields).sort(), [
        'apiKey',
        'organizationId',
        'projectId',
        'region',
      ]);
    });

    it('are not deleted while they have models', async () => {
      const { id } = await make('in-use');
      const model = await bench.ask('models.create', { params: { providerId: id }, body: sampleModel() });
      const refused = await bench.ask('providers.delete', { params: { id } });
      assert.deepEqual([refused.failure?.code, refused.failure?.details], ['PROVIDER_IN_USE', { modelCount: 1 }]);
      await bench.ask('models.delete', { params: { id: model.value.id } });
      assert.ok((await bench.ask('providers.delete', { params: { id } })).ok);
    });

    it('are listed by status, kind and text, with their models where asked', async () => {
      const { id } = await make('listed');
      await bench.ask('models.create', { params: { providerId: 'listed' }, body: sampleModel() });
      await bench.ask('providers.setStatus', { params: { id }, body: { status: 'inactive' } });
      const list = (query: object) => bench.ask('providers.list', { query });
      const off = await list({ status: 'inactive, testing', includeModels: 'true' });
      assert.deepEqual(
        off.value.data.map(({ identifier, modelCount, models }: Seen) => [identifier, modelCount, models.length]),
        [['listed', 1, 1]],
      );
      assert.equal((await list({ search: 'LISTED' })).value.pagination.total, 1);
      assert.equal((await list({ status: 'asleep' })).failure?.code, 'INVALID_INPUT');
    });

    it('are validated without being made', async () => {
      const body = sampleProvider('http://example.com', 'validated', 'sk-your-api-key-here');
      const { value } = await bench.ask('providers.validate', { body });
      assert.deepEqual(
        [value.valid, value.warnings.map(({ field }: Seen) => field)],
        [true, ['authConfig.fields.apiKey', 'apiEndpoint']],
      );
      const taken = await bench.ask('providers.validate', { body: { ...body, identifier: 'custom-openai' } });
      assert.match(taken.value.errors[0].message, /taken. Free is `custom-openai-2`/);
      assert.equal((await bench.ask('providers.validate', { body: { name: 3 } })).value.valid, false);
      assert.equal((await bench.ask('providers.get', { params: { id: 'validated' } })).ok, false);
    });

    it('say in a test that a key is still that of the documentation', async () => {
      const { id } = await make('placeholder', 'sk-your-api-key-here');
      const { value } = await bench.ask('providers.test', { params: { id } });
      assert.equal(value.success, false);
      assert.match(value.errors[0], /^authConfig.fields.apiKey is still the placeholder/);
    });

    it('show their secrets in no answer, change, or row', async () => {
      const made = await bench.ask('providers.create', { body: sampleProvider(bench.url, 'silent') });
      const changed = await update('silent', { name: 'Silent', apiEndpoint: `${bench.url}/v2` });
      await bench.background.idle();
      const list = await bench.ask('providers.list', { query: { limit: 100 } });
      const rows = await bench.store.byHand('select * from providers');
      for (const seen of [made, changed, list, rows]) assert.ok(!JSON.stringify(seen).includes(KEY));
      for (const { changes } of [made, changed]) {
        assert.equal(changes.length, 1);
        assert.ok(!JSON.stringify(changes).includes('ions"'), 'not even the end of it');
      }
    });

    it('are counted', async () => {
      const { value } = await bench.ask('providers.systemStats');
      assert.equal(value.byAuthMethod.api_key, value.totalProviders);
      assert.ok(value.activeProviders < value.totalProviders);
      assert.equal((await bench.ask('providers.stats', { params: { id: 'listed' } })).value.requests, 'listed'.length);
    });
  });
