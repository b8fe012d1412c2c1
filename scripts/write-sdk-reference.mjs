/**
 * Writes docs/sdk/reference.md from the docstrings of the library's entries, and docs/sdk/sections.md from the table of
 * topics and their tests. `node scripts/write-sdk-reference.mjs` writes both; a test holds them to be current.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = path.join(ROOT, 'packages/llm/src');

/** Entries by the name that programs import, in the order of the document. What stands in an earlier one is not repeated. */
const ENTRIES = [
  ['@patchbay/llm', 'index.ts', 'The client, every provider, and the documented constructors.'],
  ['@patchbay/llm/kit', 'kit.ts', 'The documented names alone, some of them without their prefix `Chat`.'],
  ['@patchbay/llm/core', 'core.ts', 'A client of the providers it is given, for programs that must be small.'],
  ['@patchbay/llm/openai', 'openai.ts', 'A client of this provider and nothing else.'],
  ['@patchbay/llm/anthropic', 'anthropic.ts', 'A client of this provider and nothing else.'],
  ['@patchbay/llm/gemini', 'gemini.ts', 'A client of this provider and nothing else.'],
  ['@patchbay/llm/fetch', 'fetch.ts', 'A `fetch` for the official SDKs.'],
  ['@patchbay/llm/ai-sdk', 'ai-sdk.ts', 'A provider of the AI SDK.'],
  ['@patchbay/llm/backend', 'backend.ts', 'A small HTTP backend, as a function from `Request` to `Response`.'],
  ['@patchbay/llm/testing', 'testing.ts', 'What to test with.'],
  ['@patchbay/llm/node', 'node.ts', 'What needs Node.'],
];

const EXPORT = /export\s+(type\s+)?(?:\*|\{([^}]*)\})\s*from\s*'([^']+)'/g;
const DECLARATION = (name) =>
  new RegExp(
    `^export (?:declare )?(?:async )?(function\\*?|const|abstract class|class|interface|type) ${name}\\b`,
    'm',
  );

/** The text of docs/sdk/reference.md. */
export async function referenceText() {
  const seen = new Set();
  const parts = [
    '# Reference',
    'Written from the sources by `node scripts/write-sdk-reference.mjs`. Durations are milliseconds unless a name says otherwise.',
  ];
  for (const [entry, file, about] of ENTRIES) {
    const exported = (await exportsOf(path.join(SOURCE, file))).sort((one, other) => (one.name < other.name ? -1 : 1));
    const fresh = exported.filter(({ key }) => !seen.has(key));
    for (const { key } of fresh) seen.add(key);
    const again = exported.filter((each) => !fresh.includes(each)).map(({ name }) => `\`${name}\``);
    parts.push(`## ${entry}`, about);
    if (again.length > 0 && again.length <= 60) parts.push(`Also: ${again.join(', ')}.`);
    for (const each of fresh) parts.push(await entryText(each));
  }
  return `${parts.join('\n\n')}\n`;
}

/** Every name that a file exports, with the file and the name it is declared under. */
async function exportsOf(file) {
  const text = await readFile(file, 'utf8');
  const found = [];
  for (const [statement, , names, from] of text.matchAll(EXPORT)) {
    const target = path.resolve(path.dirname(file), from);
    if (names === undefined && statement.includes('*')) found.push(...(await exportsOf(target)));
    for (const each of (names ?? '').split(',').map((one) => one.trim().replace(/^type /, ''))) {
      if (each === '') continue;
      const [declared, name = declared] = each.split(' as ').map((one) => one.trim());
      found.push(await declaredAt(target, declared, name));
    }
  }
  for (const [, name] of text.matchAll(
    /^export (?:async )?(?:function\*?|const|abstract class|class|interface|type) (\w+)/gm,
  ))
    found.push({ file, declared: name, name, key: `${file}#${name}` });
  return [...new Map(found.map((each) => [each.name, each])).values()];
}

/** Follows re-exports to where a name is declared. */
async function declaredAt(file, declared, name) {
  const text = await readFile(file, 'utf8');
  if (!DECLARATION(declared).test(text)) {
    const further = (await exportsOf(file)).find((each) => each.name === declared);
    if (further !== undefined) return { ...further, name, key: `${further.file}#${further.declared}#${name}` };
  }
  return { file, declared, name, key: name === declared ? `${file}#${declared}` : `${file}#${declared}#${name}` };
}

async function entryText({ file, declared, name }) {
  const text = await readFile(file, 'utf8');
  const match = DECLARATION(declared).exec(text);
  if (match === null) return `### ${name}`;
  const before = text.slice(0, match.index).trimEnd();
  const doc = before.endsWith('*/') ? docText(before.slice(before.lastIndexOf('/**'))) : '';
  const code = declarationText(text.slice(match.index), match[1]);
  return [`### ${name}`, doc, `\`\`\`ts\n${code}\n\`\`\``].filter((each) => each !== '').join('\n\n');
}

/** A docstring as a paragraph. */
const docText = (comment) =>
  comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();

/** What of a declaration matters to whoever uses it: shapes as they stand, behaviour without its body. */
function declarationText(text, kind) {
  const plain = (code) => code.replace(/^export (?:declare )?/, '').trimEnd();
  if (kind === 'interface') return plain(upToBrace(text));
  if (kind === 'type') return plain(upTo(text, ';'));
  if (kind.endsWith('class')) return plain(classHead(text));
  if (kind === 'const') return plain(constHead(text));
  return plain(upToBody(text));
}

/** Up to the brace that closes the first one. */
function upToBrace(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && (depth -= 1) === 0) return text.slice(0, at + 1);
  }
  return text;
}

/** Up to a character outside of brackets. */
function upTo(text, end) {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if ('{(['.includes(text[at])) depth += 1;
    if ('})]'.includes(text[at])) depth -= 1;
    if (depth === 0 && text[at] === end) return text.slice(0, at);
  }
  return text;
}

/** A function up to its body: the brace that ends its line outside of brackets and is no type. */
function upToBody(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (depth === 0 && text[at] === '{' && text[at + 1] === '\n' && text[at - 1] === ' ') return text.slice(0, at);
    if (depth === 0 && text[at] === ';') return text.slice(0, at);
    if ('{(['.includes(text[at])) depth += 1;
    if ('})]'.includes(text[at])) depth -= 1;
  }
  return text;
}

/** An arrow function up to its arrow; any other constant up to its value, or with it where that is one line. */
function constHead(text) {
  const whole = upTo(text, ';');
  const arrow = /^(?:[^=]|=(?!>))*?=>/.exec(whole)?.[0];
  if (arrow !== undefined && /=\s*(?:async\s*)?(?:<|\()/.test(arrow)) return upToArrow(whole);
  return whole.split('\n').length <= 12 ? whole : (whole.split(' = ')[0] ?? whole);
}

function upToArrow(text) {
  let depth = 0;
  for (let at = text.indexOf('='); at < text.length; at += 1) {
    if ('{(['.includes(text[at])) depth += 1;
    if ('})]'.includes(text[at])) depth -= 1;
    if (depth === 0 && text[at] === '=' && text[at + 1] === '>') return text.slice(0, at + 2);
  }
  return text;
}

/** A class with the heads of its public members and their docstrings. */
function classHead(text) {
  const whole = upToBrace(text);
  const [first = '', ...lines] = whole.split('\n');
  const kept = [];
  let doc = [];
  for (const line of lines) {
    if (/^ {2}(?:\/\*\*| \*)/.test(line)) doc.push(line);
    else if (/^ {2}(?!#|private|static #|[\s})])\S.*/.test(line)) {
      const head = line
        .replace('async ', '')
        .replace(/\s*\{\s*$/, ';')
        .replace(/^([^(]*?) = .*;$/, '$1;');
      if (
        /^ {2}(?:get |set |async |override |static |readonly |abstract |protected |\*)*\w+[(<:?!;]|^ {2}get /.test(line)
      )
        kept.push(...doc, head);
      doc = [];
    } else if (line.trim() === '') doc = [];
  }
  return `${first}\n${kept.join('\n')}\n}`;
}

/** The text of docs/sdk/sections.md. */
export async function sectionsText() {
  const { SECTIONS } = await import(pathToFileURL(path.join(ROOT, 'packages/llm/test/document/sections.ts')).href);
  const { NAMES } = await import(pathToFileURL(path.join(ROOT, 'packages/llm/test/document/names.ts')).href);
  const rows = SECTIONS.map(([section, file, suite]) => `| ${section} | \`${file}\` | ${suite} |`);
  const names = NAMES.map(([documented, ours, instead]) => `| ${documented} | ${ours ? `\`${ours}\`` : instead} |`);
  return [
    '# What holds each topic',
    '',
    'Written by `node scripts/write-sdk-reference.mjs`. Each topic of [the questions](faq.md) and the suite that holds it.',
    '',
    '| Topic | Tests | Suite |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '## Documented names',
    '',
    'What programs of the kit know by other names, and what stands in the place of those that have no counterpart.',
    '',
    '| Documented | Here |',
    '| --- | --- |',
    ...names,
    '',
  ].join('\n');
}

/** Writes both files. */
export async function main() {
  await writeFile(path.join(ROOT, 'docs/sdk/reference.md'), await referenceText());
  await writeFile(path.join(ROOT, 'docs/sdk/sections.md'), await sectionsText());
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
