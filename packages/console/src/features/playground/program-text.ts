/** Languages that a program is written in; their literals differ. */
export type Language = 'typescript' | 'python' | 'json';

/** The call of a function among the values of a program: `jsonSchema({ … })`. */
export interface Calling {
  readonly [CALL]: string;
  readonly argument: unknown;
}

/** The content of a file among the values of a program, read where it runs. */
export interface FileContent {
  readonly [FILE]: string;
  /** What stands before its base64, such as `data:image/png;base64,`. */
  readonly prefix: string;
}

const CALL = Symbol('call');
const FILE = Symbol('file');

/** The call of a function, or of none but its name where it takes nothing. */
export const calling = (name: string, argument?: unknown): Calling => ({ [CALL]: name, argument });

/** `name` is any text; what is read is a file of a name that no shell and no language trips over. */
export const fileContent = (name: string, prefix: string): FileContent => ({ [FILE]: safeName(name), prefix });

/** Letters, digits and what else means nothing to a shell. */
const safeName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^[.-]+/, '_') || 'file';

const WORDS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  typescript: {},
  json: {},
  python: { true: 'True', false: 'False', null: 'None' },
};

/** Writes the content of a file as base64, after a prefix. In JSON it is a part of a text that a shell fills in. */
const FILES: Readonly<Record<Language, (name: string, prefix: string) => string>> = {
  typescript: (name, prefix) => (prefix === '' ? `base64('${name}')` : `\`${prefix}\${base64('${name}')}\``),
  python: (name, prefix) => (prefix === '' ? `base64_of("${name}")` : `f"${prefix}{base64_of('${name}')}"`),
  json: (name, prefix) => `"${prefix}$(base64 < '${name}' | tr -d '\\n')"`,
};

/** Texts that a shell reads within a here-document: what it would fill in is closed to it. */
const forShell = (text: string): string => text.replaceAll(/[\\$`]/g, String.raw`\$&`);

/** How a value is written. */
export interface Writing {
  readonly language: Language;
  /** True: what is written stands where a shell fills in; everything but files is closed to it. */
  readonly isFilledIn?: boolean;
}

/** A value as a literal of the language, in lines of two spaces. */
export function literalOf(value: unknown, writing: Writing, indent = ''): string {
  if (isCalling(value))
    return `${value[CALL]}(${value.argument === undefined ? '' : literalOf(value.argument, writing, indent)})`;
  if (isFile(value)) return FILES[writing.language](value[FILE], value.prefix);
  if (typeof value !== 'object' || value === null) return leafOf(value, writing);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const members = isList
    ? value.map((each: unknown) => literalOf(each, writing, inner))
    : Object.entries(value).map(([name, each]) => `${nameOf(name, writing)}: ${literalOf(each, writing, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  if (members.length === 0) return `${open}${close}`;
  const end = writing.language === 'json' ? '' : ',';
  return `${open}\n${members.map((each) => inner + each).join(',\n')}${end}\n${indent}${close}`;
}

function leafOf(value: unknown, { language, isFilledIn = false }: Writing): string {
  const text = JSON.stringify(value) ?? 'null';
  const word = WORDS[language][text] ?? text;
  return isFilledIn ? forShell(word) : word;
}

/** Names of members without quotes where the language has such. */
function nameOf(name: string, writing: Writing): string {
  // Written plainly, quoted or not, it would set what the object inherits.
  if (writing.language === 'typescript' && name === '__proto__') return '["__proto__"]';
  return writing.language === 'typescript' && /^[A-Za-z_]\w*$/.test(name) ? name : leafOf(name, writing);
}

const isCalling = (value: unknown): value is Calling => typeof value === 'object' && value !== null && CALL in value;
const isFile = (value: unknown): value is FileContent => typeof value === 'object' && value !== null && FILE in value;

/** True where a value has the content of a file in it. */
export const hasFile = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (isFile(value) || Object.values(value).some(hasFile));

/** True where a value has the call of a function in it, by its name. */
export const hasCall = (value: unknown, name: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ((isCalling(value) && (value[CALL] === name || hasCall(value.argument, name))) ||
    Object.values(value).some((each) => hasCall(each, name)));
