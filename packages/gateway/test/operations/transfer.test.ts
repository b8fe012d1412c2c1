import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import fc from 'fast-check';
import { parse } from 'yaml';

import { ENGINES } from '../storage/engines.ts';
import { openBench, principalWithout, sampleModel, sampleProvider, type Bench, type Seen } from './bench.ts';

const KEY = 'canary-key-of-transfer';
const PASSPHRASE = 'canary passphrase of the suite';
const ALL = { includeModels: true, includeTemplates: true, includeSystemProviders: true };

for (const engine of ENGINES)
  describe(`the configuration in ${engine.name}`, { skip: engine.skip }, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.close());
    const make = async (identifier: string, ...models: string[]) => {
      await bench.ask('providers.create', { body: sampleProvider('https://example.com', identifier, KEY) });
      for (const model of models)
        await bench.ask('models.create', { params: { providerId: identifier }, body: sampleModel(model) });
    };
    const exported = async (body: object = ALL) => (await bench.ask('configuration.export', { body })).value;
    const imported = (body: object) => bench.ask('configuration.import', { body });
    /** Without how its own test went: that runs beside, and may end at any time. */
    const provider = async (id: string) => {
      const { lastTested: _, testResult: __, ...shown } = (await bench.ask('providers.get', { params: { id } })).value;
      return shown;
    };

    it('goes out without secrets and comes in unchanged, as often as one likes', async () => {
      await make('one', 'a', 'b');
      await make('two');
      const document = await exported();
      assert.equal(document.metadata.version, '1.0');
      assert.ok(!JSON.stringify(document).includes(KEY));
      const before = await provider('one');
      const { value } = await imported(document);
      assert.deepEqual(
        [value.success, value.imported, value.updated, value.skipped, value.errors, value.summary.conflicts],
        [true, 0, 0, 4, [], 4],
      );
      assert.deepEqual(await provider('one'), before);
      assert.deepEqual((await exported()).data, document.data);
    });

    it('of a new installation comes in unchanged, though built-in providers lack their keys', async () => {
      await bench.seed();
      const { value } = await imported({ ...(await exported()), options: { dryRun: true } });
      assert.deepEqual([value.errors, value.imported, value.updated], [[], 0, 0]);
      assert.ok(value.skipped > 0);
    });

    it('comes into an empty place whole, and says which secrets are to be set', async () => {
      await make('one', 'a');
      const document = await exported();
      const other = await openBench(engine);
      const { value } = await other.ask('configuration.import', { body: document });
      assert.deepEqual([value.summary.providersImported, value.summary.modelsImported], [1, 1]);
      assert.match(value.details[0].message, /Set authConfig.fields apiKey before it can be called/);
      assert.deepEqual((await other.ask('configuration.export', { body: ALL })).value.data, document.data);
      await other.close();
    });

    it('takes secrets along for administrators, sealed with a passphrase', async () => {
      await make('one');
      const body = { ...ALL, includeCredentials: true, passphrase: PASSPHRASE };
      const refused = await bench.ask('configuration.export', { body }, principalWithout('secrets:export'));
      assert.equal(refused.failure?.code, 'INSUFFICIENT_PERMISSIONS');
      const open = await bench.ask('configuration.export', { body: { ...ALL, includeCredentials: true } });
      assert.equal(open.failure?.code, 'VALIDATION_ERROR');
      const told = await bench.ask('configuration.export', { body });
      assert.ok(!JSON.stringify(told).includes(KEY) && !JSON.stringify(told).includes(PASSPHRASE));
      assert.equal(told.changes.length, 1);
      const other = await openBench(engine);
      const take = (document: object, passphrase?: string) =>
        other.ask('configuration.import', { body: { ...document, options: { passphrase } } });
      assert.match((await take(told.value)).failure?.message ?? '', /Send the passphrase/);
      assert.match((await take(told.value, 'canary another one')).failure?.message ?? '', /passphrase is not that/);
      const moved = structuredClone(told.value);
      moved.data.providers[0].identifier = 'moved';
      assert.match((await take(moved, PASSPHRASE)).failure?.message ?? '', /was changed, or moved/);
      assert.ok((await take(told.value, PASSPHRASE)).ok);
      const row = await other.ask('providers.get', { params: { id: 'one' } });
      assert.equal(row.value.authConfig.fields.apiKey, '********sfer');
      assert.ok(!JSON.stringify(await other.store.byHand('select * from providers')).includes(KEY));
      await other.close();
    });

    it('meets what is there as it is told to', async () => {
      await make('one', 'a');
      const document = await exported();
      const [first] = document.data.providers;
      const [model] = document.data.models;
      const { description: _, ...undescribed } = { ...first, name: 'Changed' };
      const changed = { data: { providers: [undescribed], models: [{ ...model, contextLength: 5 }], templates: [] } };
      const run = async (conflictResolution: string) =>
        (await imported({ ...changed, options: { conflictResolution } })).value.details.map(
          ({ action }: Seen) => action,
        );
      assert.deepEqual(await run('skip'), ['skipped', 'skipped']);
      assert.deepEqual(await run('rename'), ['created', 'created']);
      assert.equal((await provider('one-2')).modelCount, 1);
      assert.deepEqual(await run('merge'), ['updated', 'updated']);
      assert.equal((await provider('one')).description, first.description);
      assert.deepEqual(await run('replace'), ['updated', 'skipped']);
      const after = await provider('one');
      assert.deepEqual(
        [after.name, after.description, after.authConfig.fields.apiKey],
        ['Changed', undefined, '********sfer'],
      );
    });

    it('changes nothing on trial, and says what would be', async () => {
      await make('one', 'a');
      const document = await exported();
      document.data.providers[0].name = 'Changed';
      document.data.providers.push({ ...document.data.providers[0], identifier: 'new' });
      for (const option of ['dryRun', 'validateOnly']) {
        const { value } = await imported({ ...document, options: { [option]: true } });
        assert.deepEqual(
          value.details.map(({ action }: Seen) => action),
          ['updated', 'created', 'skipped'],
        );
        assert.deepEqual(
          value.details.map(({ before: was, after: will }: Seen) => [was, will]),
          [
            [{ name: 'Custom OpenAI Provider' }, { name: 'Changed' }],
            [undefined, undefined],
            [undefined, undefined],
          ],
        );
      }
      const report = (await bench.ask('configuration.validateImport', { body: document })).value;
      assert.deepEqual(report.summary, { providers: 2, models: 1, templates: 0, conflicts: 2 });
      assert.match(report.warnings[0].message, /apiKey/);
      assert.equal((await provider('one')).name, 'Custom OpenAI Provider');
      assert.equal((await bench.ask('providers.get', { params: { id: 'new' } })).ok, false);
    });

    it('says on trial what would become of secrets without showing them, and of templates by what is there', async () => {
      await make('one', 'a');
      const authConfig = { type: 'api_key', fields: { apiKey: { required: true } } };
      const providerConfig = { name: 'Own', apiEndpoint: 'https://example.com', authMethod: 'api_key', authConfig };
      const defaultModels = [{ identifier: 'a', name: 'A', contextLength: 1000 }];
      const own = { name: 'Own', category: 'old', defaultModels, providerConfig };
      await bench.ask('templates.create', { body: own });
      const sealed = await exported({ ...ALL, includeCredentials: true, passphrase: PASSPHRASE });
      sealed.data.templates.push({ ...own, name: 'New' });
      sealed.data.templates.find(({ name }: Seen) => name === 'Own').category = 'new';
      sealed.data.models[0].contextLength = 99;
      const { value } = await imported({ ...sealed, options: { dryRun: true, passphrase: PASSPHRASE } });
      assert.ok(!JSON.stringify(value).includes(KEY) && !JSON.stringify(value).includes('enc:'));
      const told = (identifier: string): Seen =>
        value.details.find((each: Seen) => each.identifier === identifier && each.type !== 'model');
      assert.equal(told('one').before.authConfig.fields.apiKey, '********sfer');
      assert.equal(told('one').after.authConfig.fields.apiKey, '********sfer');
      assert.deepEqual(
        [told('Own').action, told('Own').before.category, told('Own').after.category],
        ['updated', 'old', 'new'],
      );
      assert.equal(told('New').action, 'created');
      const model = value.details.find(({ type }: Seen) => type === 'model');
      assert.deepEqual([Object.keys(model.before), model.after.contextLength], [['contextLength'], 99]);
      assert.notEqual((await exported()).data.models[0].contextLength, 99);
    });

    it('comes in whole or not at all, and errors say where they are', async () => {
      await make('one', 'a');
      const document = await exported();
      const [good] = document.data.providers;
      const errorsOf = async (data: object) => {
        const { failure } = await imported({ data });
        assert.equal(failure?.code, 'IMPORT_ERROR');
        return failure.validationErrors?.map(({ field }) => field) ?? [failure.message];
      };
      const fresh = { ...good, identifier: 'fresh' };
      assert.deepEqual(await errorsOf({ providers: [fresh, { ...good, apiEndpoint: 'nowhere' }] }), [
        'data.providers.1.apiEndpoint',
      ]);
      assert.deepEqual(await errorsOf({ providers: [fresh, fresh] }), ['data.providers']);
      const model = { ...sampleModel('m'), providerIdentifier: 'nobody' };
      assert.deepEqual(await errorsOf({ providers: [fresh], models: [model] }), ['data.models.0.providerIdentifier']);
      const long = { ...sampleModel('m'), providerIdentifier: 'fresh', contextLength: 200_000 };
      assert.deepEqual(await errorsOf({ providers: [fresh], models: [long] }), ['data.models.0.contextLength']);
      assert.match((await errorsOf({}))[0] ?? '', /holds none of/);
      assert.match((await imported({})).failure?.message ?? '', /There is no `data`/);
      const list = await bench.ask('providers.list', { query: {} });
      assert.equal(list.value.pagination.total, 1);
    });

    it('comes as text, too, and says line and column where that is malformed', async () => {
      await make('one', 'a');
      const file = await bench.ask('configuration.download', { query: { format: 'yaml' } });
      assert.match(file.file?.name ?? '', /^providers-\d{4}-\d\d-\d\d\.yaml$/);
      const text = String(file.file?.bytes);
      assert.equal(parse(text).data.providers[0].identifier, 'one');
      assert.equal((await imported({ data: text, options: { format: 'yaml' } })).value.skipped, 2);
      const broken = await imported({ data: '{\n  "providers": [,]\n}' });
      assert.match(broken.failure?.message ?? '', /no JSON at line 2, column 17/);
      const yaml = await imported({ data: 'a: [1\nb: 2', options: { format: 'yaml' } });
      assert.match(yaml.failure?.message ?? '', /no YAML at line 2/);
      assert.match(
        (await imported({ data: ' '.repeat(10_485_761) })).failure?.message ?? '',
        /larger than 10485760 bytes/,
      );
      const one = await bench.ask('configuration.downloadOne', { params: { id: 'one' }, query: {} });
      assert.equal(JSON.parse(String(one.file?.bytes)).data.models.length, 1);
      const open = await bench.ask('configuration.download', { query: { excludeCredentials: 'false' } });
      assert.equal(open.failure?.code, 'INVALID_INPUT');
    });

    it('can be backed up and brought back', async () => {
      await make('one', 'a');
      const folder = path.join(bench.folder, 'backups');
      const body = { includeCredentials: true, encryption: true, encryptionKey: PASSPHRASE };
      const sealed = (await bench.ask('backups.create', { body })).value;
      const plain = (await bench.ask('backups.create', { body: {} })).value;
      for (const name of await readdir(folder)) {
        const file = path.join(folder, name);
        assert.equal(((await stat(file)).mode & 0o777).toString(8), '600');
        assert.ok(!(await readFile(file, 'latin1')).includes(KEY));
      }
      const listed = (await bench.ask('backups.list', { query: {} })).value;
      assert.deepEqual(new Set(listed.backups.map(({ id }: Seen) => id)), new Set([sealed.id, plain.id]));
      const { models } = bench.parts.rows;
      for (const { id } of await models.all()) await models.remove(id);
      await bench.ask('providers.delete', { params: { id: 'one' } });
      const restore = (backupId: string, options: object) =>
        bench.ask('backups.restore', { body: { backupId, options } });
      assert.match((await restore(sealed.id, {})).failure?.message ?? '', /is encrypted/);
      const wrong = await restore(sealed.id, { decryptionKey: 'canary another one' });
      assert.match(wrong.failure?.message ?? '', /does not open/);
      const trial = await restore(sealed.id, { decryptionKey: PASSPHRASE, dryRun: true });
      assert.deepEqual([trial.value.imported, trial.changes, await models.all()], [2, [], []]);
      assert.equal((await restore(sealed.id, { decryptionKey: PASSPHRASE })).value.imported, 2);
      assert.equal((await provider('one')).authConfig.fields.apiKey, '********sfer');
      const file = (await bench.ask('backups.download', { params: { id: plain.id } })).file;
      assert.equal((await imported(JSON.parse(String(file?.bytes)))).value.skipped, 2);
    });

    it('has backups by their ids and by nothing else', async () => {
      const { id } = (await bench.ask('backups.create', { body: {} })).value;
      for (const odd of [
        '../backups',
        `../backups/${id}`,
        '/etc/passwd',
        `${id}/`,
        '..',
        id.replace(/^.{8}/, '00000000'),
      ]) {
        assert.equal((await bench.ask('backups.download', { params: { id: odd } })).failure?.code, 'NOT_FOUND', odd);
        assert.equal((await bench.ask('backups.delete', { params: { id: odd } })).failure?.code, 'NOT_FOUND', odd);
        assert.equal((await bench.ask('backups.restore', { body: { backupId: odd } })).failure?.code, 'NOT_FOUND', odd);
      }
      assert.ok((await bench.ask('backups.delete', { params: { id } })).ok);
      assert.equal((await bench.ask('backups.list', { query: {} })).value.total, 0);
    });
  });

describe('whatever is configured', () => {
  const [sqlite] = ENGINES;
  if (sqlite === undefined) throw new Error('no engine');
  let from: Bench;
  let to: Bench;
  before(async () => {
    [from, to] = await Promise.all([openBench(sqlite), openBench(sqlite)]);
  });
  after(() => Promise.all([from.close(), to.close()]));

  const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((each) => each.trim() === each);
  const context = fc.integer({ min: 1, max: 100_000 });
  const model = fc.record({ name: text, contextLength: context, isDefault: fc.constant(false) });
  const drawn = fc.record({
    name: text,
    description: text,
    status: fc.constantFrom('active', 'inactive', 'testing'),
    fields: fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/), text, { maxKeys: 3 }),
    models: fc.dictionary(fc.stringMatching(/^[a-zA-Z0-9-_./:]{1,30}$/), model, { maxKeys: 4 }),
  });

  it('is the same after it left and came back, in files of both kinds', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(drawn, fc.constantFrom('json', 'yaml'), async ({ fields, models, ...members }, format) => {
        count += 1;
        const identifier = `drawn-${count}`;
        const sample = sampleProvider('https://example.com', identifier);
        const authConfig = { ...sample.authConfig, fields: { apiKey: KEY, ...fields } };
        const made = await from.ask('providers.create', { body: { ...sample, ...members, authConfig } });
        assert.deepEqual([made.ok, made.failure], [true, undefined]);
        for (const [name, each] of Object.entries(models))
          await from.ask('models.create', { params: { providerId: identifier }, body: { ...each, identifier: name } });
        const query = { format };
        const left = await from.ask('configuration.downloadOne', { params: { id: identifier }, query });
        const data = String(left.file?.bytes);
        assert.ok(!data.includes(KEY));
        const taken = await to.ask('configuration.import', { body: { data, options: { format } } });
        assert.deepEqual([taken.ok, taken.failure], [true, undefined]);
        const back = await to.ask('configuration.downloadOne', { params: { id: identifier }, query });
        assert.deepEqual(back.value.data, left.value.data);
      }),
      { numRuns: 60 },
    );
  });
});
