import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { CreateTemplate } from '@patchbay/contract/resources/template';
import { readInput } from '@patchbay/contract';
import { parse } from 'yaml';

import { SYSTEM_DEFINITIONS } from '../../src/operations/seeds/definitions.ts';
import { ENGINES } from '../storage/engines.ts';
import { openBench, type Bench, type Seen } from './bench.ts';

const KEY = 'canary-key-of-templates';

const TEMPLATES = SYSTEM_DEFINITIONS.filter(({ isTemplate }) => isTemplate !== false);

for (const engine of ENGINES)
  describe(`templates in ${engine.name}`, { skip: engine.skip }, () => {
    let bench: Bench;
    before(async () => {
      bench = await openBench(engine);
      await bench.seed();
    });
    after(() => bench.close());
    const apply = (id: string, body: object) => bench.ask('templates.apply', { params: { id }, body });

    it('that are built in are there, sound, and have models of today', async () => {
      const { value } = await bench.ask('templates.system');
      assert.equal(value.data.length, TEMPLATES.length);
      const catalog = await bench.parts.catalog();
      for (const template of value.data) {
        assert.ok(readInput(CreateTemplate, template).ok, template.id);
        const clone = await bench.ask('templates.clone', {
          params: { id: template.id },
          body: { name: `My ${template.name}` },
        });
        assert.deepEqual([clone.ok, clone.failure], [true, undefined]);
        assert.ok(template.defaultModels.length >= 2, template.id);
      }
      for (const { catalogId, preferredModel, models } of TEMPLATES)
        if (models === undefined)
          assert.equal(catalog.findModel(catalogId, preferredModel)?.match, 'exact', preferredModel);
      const rows = await bench.store.byHand("select id, name, is_system from provider_templates where name = 'OpenAI'");
      assert.equal(rows.length, 1);
    });

    it('that are built in stay as they are', async () => {
      const params = { id: 'openai' };
      for (const told of [
        await bench.ask('templates.update', { params, body: { name: 'Mine' } }),
        await bench.ask('templates.delete', { params }),
      ])
        assert.equal(told.failure?.code, 'SYSTEM_RESOURCE');
      assert.equal(
        (await bench.ask('templates.get', { params: { id: 'nobody' } })).failure?.code,
        'TEMPLATE_NOT_FOUND',
      );
    });

    it('make a provider with its models, as the guide does it', async () => {
      const customizations = { apiKey: KEY, organizationId: 'org-your-org-id' };
      const made = await apply('openai', {
        identifier: 'my-openai-provider',
        name: 'My OpenAI Provider',
        customizations,
      });
      assert.deepEqual([made.ok, made.failure], [true, undefined]);
      const { authConfig, modelCount } = made.value;
      assert.deepEqual(authConfig.fields, { apiKey: '********ates', organizationId: 'org-your-org-id' });
      assert.equal(authConfig.headers['OpenAI-Organization'], '{{organizationId}}');
      assert.equal(
        modelCount,
        (await bench.ask('models.ofProvider', { params: { providerId: made.value.id } })).value.length,
      );
      const again = await apply('openai', { identifier: 'my-openai-provider', customizations });
      assert.equal(again.failure?.code, 'PROVIDER_ALREADY_EXISTS');
      assert.ok(!JSON.stringify([made, await bench.store.byHand('select * from providers')]).includes(KEY));
    });

    it('leave out headers of fields that nobody filled in, and take another address', async () => {
      const customizations = {
        apiKey: KEY,
        endpoint: 'https://proxy.example.com/v1',
        selectedModels: ['gpt-5.4-mini'],
      };
      const { value } = await apply('openai', { identifier: 'plain', customizations });
      assert.deepEqual(value.authConfig.headers, { Authorization: 'Bearer {{apiKey}}' });
      assert.deepEqual([value.apiEndpoint, value.modelCount], ['https://proxy.example.com/v1', 1]);
    });

    it('understand the other form, and fill names into addresses', async () => {
      const fields = { accessKeyId: 'canary-id', secretAccessKey: KEY, region: 'eu-west-1' };
      const customizations = { providerIdentifier: 'my-bedrock', name: 'Bedrock', authConfig: { fields } };
      const bedrock = await apply('aws-bedrock', { customizations });
      assert.equal(bedrock.value.apiEndpoint, 'https://bedrock-runtime.eu-west-1.amazonaws.com');
      const azure = await apply('azure-openai', {
        identifier: 'my-azure',
        customizations: { apiKey: KEY, endpoint: 'acme' },
      });
      assert.equal(azure.value.apiEndpoint, 'https://acme.openai.azure.com/openai/v1');
    });

    it('say what is missing, before and when they are applied', async () => {
      const missing = await apply('openai', { identifier: 'nothing' });
      assert.deepEqual(
        [missing.failure?.code, missing.failure?.validationErrors?.[0]?.field],
        ['VALIDATION_ERROR', 'authConfig.fields.apiKey'],
      );
      const preview = await bench.ask('templates.preview', { params: { id: 'azure-openai' }, body: {} });
      assert.deepEqual(preview.value.missing, ['identifier', 'apiKey', 'endpoint']);
      const odd = await apply('openai', {
        identifier: 'odd',
        customizations: { apiKey: KEY, selectedModels: ['none'] },
      });
      assert.match(odd.failure?.message ?? '', /no model `none`/);
      assert.equal((await apply('openai', { customizations: { apiKey: KEY } })).failure?.code, 'INVALID_IDENTIFIER');
    });

    it('of one’s own are checked, changed and removed', async () => {
      const { value: system } = await bench.ask('templates.get', { params: { id: 'mistral' } });
      const own = { ...system, name: 'Own' };
      const { value } = await bench.ask('templates.create', { body: own });
      assert.equal((await bench.ask('templates.create', { body: own })).failure?.code, 'ALREADY_EXISTS');
      const authConfig = { ...system.providerConfig.authConfig, fields: { apiKey: KEY } };
      const holding = { ...own, name: 'Other', providerConfig: { ...system.providerConfig, authConfig } };
      const refused = await bench.ask('templates.create', { body: holding });
      assert.equal(refused.failure?.code, 'INVALID_TEMPLATE');
      assert.ok(!JSON.stringify(refused).includes(KEY));
      const params = { id: value.id };
      const changed = await bench.ask('templates.update', {
        params,
        body: { category: 'mine', version: value.version },
      });
      assert.equal(changed.value.category, 'mine');
      const slow = await bench.ask('templates.update', { params, body: { name: 'Slow', version: value.version } });
      assert.equal(slow.failure?.code, 'CONFLICT');
      const { value: counted } = await bench.ask('templates.categories');
      assert.ok(counted.categories.some(({ name, count }: Seen) => name === 'mine' && count === 1));
      assert.ok((await bench.ask('templates.delete', { params })).ok);
    });

    it('leave as a file and come back from it', async () => {
      const all = await bench.ask('templates.exportAll', { query: { format: 'yaml' } });
      assert.deepEqual([all.file?.name, all.file?.contentType], ['provider-templates.yaml', 'application/yaml']);
      const { templates } = parse(String(all.file?.bytes));
      const skipped = await bench.ask('templates.import', { body: { templates } });
      assert.equal(skipped.value.skipped, templates.length);
      const one = await bench.ask('templates.export', { params: { id: 'openai' }, query: {} });
      const [renamed] = JSON.parse(String(one.file?.bytes)).templates;
      const body = { templates: [{ ...renamed, name: 'New' }, { name: 'Bad' }] };
      const bad = await bench.ask('templates.import', { body });
      assert.equal(bad.failure?.code, 'IMPORT_ERROR');
      assert.match(bad.failure?.message ?? '', /templates\.1\.providerConfig/);
      assert.equal((await bench.ask('templates.list', { query: { search: 'New' } })).value.pagination.total, 0);
      assert.equal(
        (await bench.ask('templates.import', { body: { templates: [body.templates[0]] } })).value.imported,
        1,
      );
    });

    it('say what they ask for', async () => {
      const { value } = await bench.ask('templates.customizationOptions', { params: { id: 'aws-bedrock' } });
      assert.equal(value.fields.region.default, 'us-east-1');
      assert.equal(value.models.filter(({ isDefault }: Seen) => isDefault).length, 1);
    });
  });
