import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { lineAt, sourceFiles } from './lib/source-files.mjs';

const IMPORT =
  /(?:^|[\n;])[ \t]*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;
const BUILTINS = new Set(builtinModules);

export const remedy =
  'Move the code to the room that may know it, or pass it in as a parameter; the law is rooms.json.';

/** Imports that break rooms.json, packages used without being declared, and guarded calls in the wrong file. */
export async function problems(root) {
  const law = JSON.parse(await readFile(path.join(root, 'rooms.json'), 'utf8'));
  const files = await sourceFiles(root);
  const manifests = await readManifests(root, files);
  return files.flatMap((file) => [
    ...importProblems(file, law, manifests),
    ...(file.isTest ? [] : usageProblems(file, law.usages)),
  ]);
}

/** Every import and re-export of a source text whose comments are blanked: specifier, line, and whether types only. */
export function importsOf(code) {
  return [...code.matchAll(IMPORT)].map((match) => ({
    specifier: match[2] ?? match[3],
    typeOnly: match[1] !== undefined,
    line: lineAt(code, match.index + match[0].search(/\S/)),
  }));
}

/** The import problems of one file: `{ path, code, isTest }`. */
export function importProblems(file, law, manifests) {
  const home = Object.keys(law).find((each) => file.path.startsWith(`${each}/`));
  const manifest = manifests[packageOf(file.path)];
  return importsOf(file.code).flatMap((each) => {
    const complaint = each.specifier.startsWith('.')
      ? relativeProblem(file, each, home && law[home], home)
      : bareProblem(file, each, manifest, law[home]);
    return complaint === undefined ? [] : [`${file.path}:${each.line} ${complaint}`];
  });
}

function relativeProblem(file, { specifier, typeOnly }, rules, home) {
  if (rules === undefined) return undefined;
  const target = path.posix.join(path.posix.dirname(file.path), specifier);
  if (!target.startsWith(`${home}/`)) return file.isTest ? undefined : `reaches outside its package with ${specifier}`;
  const [from, to] = [file.path, target].map((each) => each.slice(home.length + 1).split('/'));
  if (file.isTest || rules.open?.includes(from.join('/'))) return undefined;
  if (to.at(-1).includes('.test.')) return `imports a test, ${specifier}`;
  return from[0] === to[0] ? siblingProblem(from, to, rules) : roomProblem(from, to, typeOnly, rules);
}

function siblingProblem(from, to, rules) {
  const apart = rules.siblings?.includes(from[0]) && from.length > 2 && to.length > 2 && from[1] !== to[1];
  return apart ? `imports ${to.slice(0, 2).join('/')}: these never import each other` : undefined;
}

function roomProblem(from, to, typeOnly, rules) {
  const room = from.length > 1 ? from[0] : 'the package root';
  const wanted = to.length > 1 ? to[0] : to.join('/');
  const allowed = rules.rooms[from[0]];
  if (allowed === undefined) return `stands in ${room}, which rooms.json does not name`;
  if (allowed.includes(wanted) || (typeOnly && allowed.includes(`${wanted} (types)`))) return undefined;
  const typesWouldDo = allowed.includes(`${wanted} (types)`);
  return `${room} may not import ${wanted}${typesWouldDo ? ' except with `import type`' : ''}`;
}

function bareProblem(file, { specifier }, manifest, rules) {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const inTestRoom = rules?.testRooms?.some((each) => file.path.includes(`/src/${each}/`)) ?? false;
  if (specifier.startsWith('node:') || BUILTINS.has(name)) {
    const portable = rules?.forbidNodeBuiltins && !file.isTest && !inTestRoom;
    return portable ? `imports ${specifier}: this package also runs where Node's modules do not exist` : undefined;
  }
  if (!file.isTest && specifier.startsWith('@patchbay/llm/testing/')) return `imports ${specifier}, which is for tests`;
  if (name === manifest.name || manifest.declared.has(name)) return undefined;
  if (file.isTest && manifest.forTests.has(name)) return undefined;
  return `imports ${name}, which ${packageOf(file.path)}/package.json does not declare`;
}

function usageProblems(file, usages) {
  const applying = usages.filter(
    (each) => file.path.startsWith(each.in ?? '') && !each.only.some((allowed) => file.path.startsWith(allowed)),
  );
  return applying.flatMap(({ pattern, why }) =>
    [...file.code.matchAll(new RegExp(pattern, 'g'))].map(
      (match) => `${file.path}:${lineAt(file.code, match.index)} uses ${match[0].trim()}: ${why}`,
    ),
  );
}

async function readManifests(root, files) {
  const workspace = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const manifests = {};
  for (const folder of new Set(files.map((each) => packageOf(each.path)))) {
    const manifest = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
    const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    const forTests = new Set(Object.keys({ ...workspace.devDependencies, ...manifest.devDependencies }));
    manifests[folder] = { name: manifest.name, declared, forTests };
  }
  return manifests;
}

function packageOf(file) {
  return file.split('/').slice(0, 2).join('/');
}
