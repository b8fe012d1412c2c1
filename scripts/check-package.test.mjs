import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';

import { rolldown } from 'rolldown';

import { startSimulatorServer } from '../packages/llm/src/testing/simulator-server.ts';
import { NODE_ONLY, smoke } from './check-package.mjs';
import { entriesOf, installOffline, LIBRARY, packLibrary, reachedFrom } from './lib/pack-library.mjs';
import { runtimeCommand } from './lib/package-tools.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** What a browser may have to wait for before the first call can be made, in bytes. */
const CORE_BYTES_MAX = { anthropic: 25_000, gemini: 25_000, openai: 25_000 };

/** The files that a program becomes whose source is `code`, the first to load first; nothing is taken from outside. */
async function bundled(folder, code, output) {
  const entry = path.join(folder, 'entry.js');
  const plugin = {
    name: 'entry',
    resolveId: (name) => (name === entry ? name : undefined),
    load: (name) => (name === entry ? code : undefined),
  };
  const bundle = await rolldown({
    input: entry,
    cwd: folder,
    platform: 'browser',
    plugins: [plugin],
    logLevel: 'silent',
  });
  const { output: chunks } = await bundle.generate(output);
  await bundle.close();
  return chunks;
}

/** Bytes over the wire of what `entry` loads at once: itself and all that it imports by `import … from`. */
function bytesAtOnce(chunks) {
  const names = new Set([chunks[0].fileName]);
  for (const name of names)
    for (const other of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) names.add(other);
  return chunks.filter(({ fileName }) => names.has(fileName)).reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}

describe('the package', () => {
  let staging;
  let packed;
  let folder;
  let dist;
  let entries;

  before(async () => {
    staging = await mkdtemp(path.join(os.tmpdir(), 'patchbay-packed-'));
    packed = await packLibrary(ROOT, path.join(staging, 'package'), { noCheck: true });
    folder = await installOffline(ROOT, packed.tarball, staging);
    dist = path.join(folder, 'node_modules/@patchbay/llm/dist');
    entries = await entriesOf(dist);
  });
  after(() => rm(staging, { recursive: true, force: true }));

  it('has what is built, its sources, its words and no test', () => {
    for (const file of ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts'])
      assert.ok(packed.files.includes(file), file);
    assert.ok(packed.files.includes('dist/catalog/models.json'));
    assert.deepEqual(
      packed.files.filter((file) => file.includes('.test.')),
      [],
    );
  });

  it('names every entry among its exports, and only files that are there', async () => {
    const { exports } = JSON.parse(await readFile(path.join(ROOT, LIBRARY, 'package.json'), 'utf8'));
    const named = Object.keys(exports).filter((name) => !/\*|package\.json/.test(name));
    assert.deepEqual(named.toSorted(), entries.map((name) => (name === 'index' ? '.' : `./${name}`)).toSorted());
    for (const name of named)
      for (const file of Object.values(exports[name])) assert.ok(packed.files.includes(file.slice(2)), file);
  });

  it('asks for nothing that only Node has, except where it says so', async () => {
    const { dependencies } = JSON.parse(await readFile(path.join(ROOT, LIBRARY, 'package.json'), 'utf8'));
    for (const entry of entries.filter((name) => !NODE_ONLY.includes(name))) {
      const { own, others } = await reachedFrom(path.join(dist, `${entry}.js`));
      assert.ok(own.length > 1, `${entry} reaches ${own.length} files`);
      for (const [name, from] of others)
        assert.ok(Object.hasOwn(dependencies, name), `${entry} reaches ${name} by ${from[0]}`);
    }
  });

  it('runs a first program on this Node', async () => {
    assert.deepEqual(await smoke(folder, [process.execPath], entries), []);
  });

  for (const name of ['Bun', 'Deno'])
    it(`runs a first program on ${name}`, async (t) => {
      const command = await runtimeCommand(name);
      if (command === undefined) return t.skip(`${name} is not installed: \`npm run package\` does it.`);
      const portable = entries.filter((each) => !NODE_ONLY.includes(each));
      assert.deepEqual(await smoke(folder, command, portable), []);
    });

  it('runs where there is nothing but the web: no process, no require, no Buffer', async () => {
    const server = await startSimulatorServer();
    try {
      const [{ code }] = await bundled(
        folder,
        `export { createClient, PROVIDERS } from '@patchbay/llm'; export { createFailoverFetch } from '@patchbay/llm/fetch';`,
        { format: 'iife', name: 'library', codeSplitting: false },
      );
      const web = {
        AbortController,
        AbortSignal,
        atob,
        btoa,
        clearInterval,
        clearTimeout,
        crypto,
        DOMException,
        fetch,
      };
      const more = {
        Headers,
        performance,
        ReadableStream,
        Request,
        Response,
        setInterval,
        setTimeout,
        structuredClone,
      };
      const context = vm.createContext({
        ...web,
        ...more,
        TextDecoder,
        TextEncoder,
        URL,
        URLSearchParams,
        url: server.url,
      });
      vm.runInContext(`${code};globalThis.library = library;`, context);
      const text = await vm.runInContext(
        `(async () => {
          if (typeof process !== 'undefined') throw new Error('This context has a process.');
          const providers = [{ ...library.PROVIDERS.openai, baseUrl: url }];
          const client = library.createClient({ providers, credentials: { openai: 'key' } });
          let text = '';
          for await (const piece of client.stream({ model: 'openai/echo', prompt: 'one two' }).textStream) text += piece;
          return text;
        })()`,
        context,
      );
      assert.equal(text, 'one two');
    } finally {
      await server.close();
    }
  });

  for (const [provider, max] of Object.entries(CORE_BYTES_MAX))
    it(`is small with ${provider} alone`, async () => {
      // As an application has it: nothing is exported, the client is made and used.
      const code = `
        import { createCoreClient } from '@patchbay/llm/core';
        import { ${provider} } from '@patchbay/llm/${provider}';
        globalThis.client = createCoreClient({ providers: [${provider}()] });`;
      const chunks = await bundled(folder, code, { minify: true });
      const bytes = bytesAtOnce(chunks);
      assert.ok(bytes < max, `${bytes} bytes, minified and compressed, where ${max} are allowed`);
    });
});
