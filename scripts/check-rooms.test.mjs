import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importProblems, importsOf } from './check-rooms.mjs';

const LAW = {
  'packages/a/src': {
    open: ['compose.ts'],
    forbidNodeBuiltins: true,
    rooms: { model: [], wire: ['model'], relay: ['wire (types)'], faces: ['model'], fakes: ['model'] },
    siblings: ['faces'],
    testRooms: ['fakes'],
  },
};
const MANIFESTS = { 'packages/a': { name: '@x/a', declared: new Set(['zod']), forTests: new Set(['fast-check']) } };
const problemsIn = (path, code, isTest = false) =>
  importProblems({ path: `packages/a/src/${path}`, code, isTest }, LAW, MANIFESTS);

describe('reading imports', () => {
  it('finds every form, with its line', () => {
    const code =
      "import a from './a.ts';\nimport type { B } from './b.ts';\nimport {\n  c,\n} from './c.ts';\nexport { d } from './d.ts';\nconst e = await import('./e.ts');\nimport './f.ts';\n";
    assert.deepEqual(
      importsOf(code).map((each) => [each.specifier, each.line, each.typeOnly]),
      [
        ['./a.ts', 1, false],
        ['./b.ts', 2, true],
        ['./c.ts', 3, false],
        ['./d.ts', 6, false],
        ['./e.ts', 7, false],
        ['./f.ts', 8, false],
      ],
    );
  });

  it('does not read an import into ordinary strings', () => {
    assert.deepEqual(importsOf("export const text = 'from here';\nexport function f() { return 'x'; }\n"), []);
  });
});

describe('the import law', () => {
  it('lets a room import itself and the rooms it names', () => {
    assert.deepEqual(problemsIn('wire/x.ts', "import { m } from '../model/m.ts';\nimport { y } from './y.ts';"), []);
  });

  it('refuses a room that is not named', () => {
    assert.match(
      problemsIn('model/x.ts', "import { y } from '../wire/y.ts';")[0],
      /x\.ts:1 model may not import wire$/,
    );
  });

  it('lets types through where only types are named', () => {
    assert.deepEqual(problemsIn('relay/x.ts', "import type { Y } from '../wire/y.ts';"), []);
    assert.match(problemsIn('relay/x.ts', "import { Y } from '../wire/y.ts';")[0], /except with `import type`/);
  });

  it('keeps faces apart from each other but not from themselves', () => {
    assert.match(problemsIn('faces/one/x.ts', "import { y } from '../two/y.ts';")[0], /never import each other/);
    assert.deepEqual(
      problemsIn('faces/one/x.ts', "import { y } from './y.ts';\nimport { z } from '../shared.ts';"),
      [],
    );
  });

  it('leaves open files and tests alone', () => {
    assert.deepEqual(problemsIn('compose.ts', "import { y } from './wire/y.ts';"), []);
    assert.deepEqual(problemsIn('model/x.test.ts', "import { y } from '../wire/y.ts';", true), []);
  });

  it('refuses a room that the law does not know', () => {
    assert.match(problemsIn('attic/x.ts', "import { y } from '../wire/y.ts';")[0], /does not name/);
  });

  it('compares packages with what the manifest declares', () => {
    assert.deepEqual(problemsIn('wire/x.ts', "import { z } from 'zod';"), []);
    assert.match(
      problemsIn('wire/x.ts', "import { y } from 'yaml/deep';")[0],
      /imports yaml, which packages\/a\/package\.json does not declare/,
    );
    assert.match(problemsIn('wire/x.ts', "import fc from 'fast-check';")[0], /does not declare/);
    assert.deepEqual(problemsIn('wire/x.test.ts', "import fc from 'fast-check';", true), []);
  });

  it("refuses Node's modules in a portable package, except in its test room", () => {
    assert.match(problemsIn('wire/x.ts', "import fs from 'node:fs';")[0], /imports node:fs/);
    assert.deepEqual(problemsIn('fakes/x.ts', "import fs from 'node:fs';"), []);
  });
});
