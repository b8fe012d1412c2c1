import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { SECTIONS } from '../document/sections.ts';
import { printedBy } from './printed-by.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const DOCUMENTS = ['guide', 'faq'];
/** Inside the repository, so that programs find the library by its name. */
const FOLDER = path.join(ROOT, 'node_modules/.cache', `sdk-documents-${process.pid}`);

interface Program {
  readonly title: string;
  readonly source: string;
}

/** The programs of a document, each under its heading. */
function programsIn(text: string): readonly Program[] {
  return text.split(/^## /m).flatMap((section) => {
    const [title = ''] = section.split('\n');
    return [...section.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, source = '']) => ({ title, source }));
  });
}

const read = (name: string): string => readFileSync(path.join(ROOT, 'docs/sdk', `${name}.md`), 'utf8');

describe('docs/sdk', () => {
  before(() => mkdir(FOLDER, { recursive: true }));
  after(() => rm(FOLDER, { recursive: true, force: true }));

  for (const name of DOCUMENTS)
    for (const [at, { title, source }] of programsIn(read(name)).entries())
      it(`${name}.md: ${title}`, async () => {
        const file = path.join(FOLDER, `${name}-${at}.mjs`);
        await writeFile(file, stripTypeScriptTypes(source));
        const run = promisify(execFile)(process.execPath, ['--conditions=patchbay-src', file], {
          env: { PATH: process.env['PATH'] },
        });
        const { stdout } = await run;
        const printed = stdout.split('\n').map((line) => line.trimEnd());
        assert.deepEqual(printed.slice(0, -1), printedBy(source));
      });

  it('has links that lead somewhere', () => {
    for (const name of DOCUMENTS)
      for (const [, link = ''] of read(name).matchAll(/\]\(([^)#]+)\)/g))
        assert.ok(existsSync(path.join(ROOT, 'docs/sdk', link)), `${name}.md: ${link}`);
  });

  it('names suites that there are', async () => {
    for (const [topic, file, suite] of SECTIONS) {
      const text = await readFile(path.join(ROOT, 'packages/llm/test', file), 'utf8');
      const named = suite.includes("'") ? `describe("${suite}"` : `describe('${suite}'`;
      assert.ok(text.includes(named), `${topic}: ${file} has no suite "${suite}".`);
    }
  });

  it('is as its generator writes it: run node scripts/write-sdk-reference.mjs', async () => {
    const generator = (await import(new URL('../../../../scripts/write-sdk-reference.mjs', import.meta.url).href)) as {
      referenceText(): Promise<string>;
      sectionsText(): Promise<string>;
    };
    assert.equal(read('sections'), await generator.sectionsText());
    const reference = await generator.referenceText();
    assert.ok(read('reference') === reference, 'docs/sdk/reference.md is not current.');
    for (const name of ['createBackend', 'newMockProvider', 'newProviderFactory', 'generateObject', 'proxyExchange'])
      assert.ok(reference.includes(`### ${name}\n`), name);
  });
});
