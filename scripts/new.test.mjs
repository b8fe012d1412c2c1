import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { main } from './new.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const run = promisify(execFile);
const NEEDED = [
  '--name',
  'Acme AI',
  '--base-url',
  'https://api.acme.example/v1',
  '--source',
  'https://docs.acme.example',
];

let copy;
before(async () => {
  copy = await mkdtemp(path.join(os.tmpdir(), 'patchbay-new-'));
  for (const file of [
    'packages/llm/src',
    'packages/llm/package.json',
    'tsconfig.base.json',
    '.env.example',
    '.oxfmtrc.json',
  ])
    await cp(path.join(ROOT, file), path.join(copy, file), { recursive: true });
  const options = { noEmit: true, composite: false, declaration: false, declarationMap: false };
  const checked = {
    extends: '../../tsconfig.base.json',
    compilerOptions: options,
    files: ['src/providers/registry.ts'],
  };
  await writeFile(path.join(copy, 'packages/llm/tsconfig.new.json'), JSON.stringify(checked));
  await symlink(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
});
after(() => rm(copy, { recursive: true, force: true }));

const bin = (name, ...args) =>
  run(process.execPath, [path.join(ROOT, 'node_modules/.bin', name), ...args], { cwd: copy });
const read = (file) => readFile(path.join(copy, file), 'utf8');

describe('a new provider', () => {
  const MANY = [
    '--reasoning',
    'reasoning_content',
    '--no-stream-options',
    '--serves',
    'embeddings,audio/speech',
    '--keyless',
  ];

  before(async () => {
    assert.equal(await main(['provider', 'acme-lab', ...NEEDED, ...MANY], copy, () => undefined), 0);
    assert.equal(
      await main(
        ['provider', 'zebra', ...NEEDED, '--developer-role', '--max-tokens', 'max_completion_tokens', '--no-list'],
        copy,
        () => undefined,
      ),
      0,
    );
  });

  it('is a record of no more than 25 lines that stands as the formatter wants it', async () => {
    for (const id of ['acme-lab', 'zebra']) {
      const record = await read(`packages/llm/src/providers/${id}.ts`);
      const lines = record.slice(record.indexOf('export')).trimEnd().split('\n').length;
      assert.ok(lines <= 25, `${id}: ${lines}`);
    }
    await bin('oxfmt', '--check', 'packages/llm/src/providers');
  });

  it('passes the types and is found by its id with what was said of it', async () => {
    await bin('tsc', '-p', 'packages/llm/tsconfig.new.json');
    const { PROVIDERS } = await import(pathToFileURL(path.join(copy, 'packages/llm/src/providers/registry.ts')).href);
    const { 'acme-lab': acme, zebra } = PROVIDERS;
    assert.equal(acme.name, 'Acme AI');
    assert.deepEqual(acme.auth, [{ kind: 'bearer', env: 'ACME_LAB_API_KEY' }, { kind: 'none' }]);
    assert.deepEqual(acme.serves, { embeddings: { path: '/embeddings' }, 'audio/speech': { path: '/audio/speech' } });
    assert.deepEqual(acme.speaks[0].dialect, {
      reasoningField: 'reasoning_content',
      maxTokensField: 'max_tokens',
      developerRole: false,
      streamOptions: false,
    });
    assert.equal(zebra.speaks[0].dialect, undefined);
    assert.equal(zebra.models, undefined);
  });

  it('stands in .env.example once, in the order of the registry', async () => {
    const names = [...(await read('.env.example')).matchAll(/^# ([A-Z0-9_]+)_BASE_URL=/gm)].map(([, prefix]) => prefix);
    assert.deepEqual(names.slice(-3), ['ACME_LAB', 'ZEBRA', 'OPENAI_COMPATIBLE']);
    const { PROVIDERS } = await import(pathToFileURL(path.join(copy, 'packages/llm/src/providers/registry.ts')).href);
    assert.deepEqual(Object.keys(PROVIDERS).slice(-4), ['acme-lab', 'zebra', 'openai-compatible', 'simulator']);
  });
});

describe('what cannot be followed', () => {
  const REFUSED = {
    'a provider that is there': ['provider', 'groq', ...NEEDED],
    'a prefix that is taken': ['provider', 'groq-two', '--prefix', 'GROQ', ...NEEDED],
    'a name without a page': ['provider', 'acme', ...NEEDED.slice(0, 4)],
    'an address with a slash at its end': ['provider', 'acme', ...NEEDED, '--base-url', 'https://a.example/'],
    'text that would become code': ['provider', 'acme', ...NEEDED, '--name', "A', evil: '"],
    'a path for an id': ['provider', '../acme', ...NEEDED],
    'an endpoint that nobody has': ['provider', 'acme', ...NEEDED, '--serves', 'dreams'],
    'an option that nobody has': ['provider', 'acme', ...NEEDED, '--colour', 'red'],
    'another kind': ['planet', 'acme', ...NEEDED],
  };

  for (const [what, args] of Object.entries(REFUSED))
    it(`${what} is refused and nothing is written`, async (t) => {
      t.mock.method(process.stderr, 'write', () => true);
      const state = async () => [
        await readdir(path.join(copy, 'packages/llm/src/providers')),
        await read('.env.example'),
      ];
      const earlier = await state();
      assert.equal(await main(args, copy), 1);
      assert.deepEqual(await state(), earlier);
    });
});
