import type { Asked, Source } from './dialects/asked.ts';
import { fileContent, hasFile, literalOf } from './program-text.ts';

/** What is to be written as a program. */
export interface ToWrite extends Asked {
  /** Address of this gateway. */
  readonly origin: string;
}

/** Writes a call as a program. */
export type Writer = (asked: ToWrite) => string;

/** One call over the wire: where, with which header for the key, and what. */
export interface Wire {
  readonly path: (asked: Asked) => string;
  readonly headers: readonly string[];
  readonly body: (asked: Asked, source: Source) => object;
}

/** For a shell. */
export function curlOf({ path, headers, body }: Wire): Writer {
  return (asked) => {
    const value = body(asked, FILE);
    const isFilledIn = hasFile(value);
    const json = literalOf(value, { language: 'json', isFilledIn });
    const lines = [
      `curl ${asked.origin}${path(asked)} \\`,
      ...[...headers, `'Content-Type: application/json'`].map((each) => `  -H ${each} \\`),
    ];
    // An argument of a program has a length that images exceed: they go by its input.
    return isFilledIn
      ? [...lines, '  --data-binary @- <<END_OF_BODY', json, 'END_OF_BODY'].join('\n')
      : [...lines, `  -d '${json.replaceAll("'", String.raw`'\''`)}'`].join('\n');
  };
}

/** A program: what it needs, the client that it makes, the call and what it shows of the answer. */
export interface Program {
  readonly imports: (value: object) => readonly string[];
  readonly client: (origin: string) => readonly string[];
  readonly call: (literal: string, asked: Asked) => readonly string[];
  readonly body: (asked: Asked, source: Source) => object;
}

/** With a library for TypeScript. */
export function typescriptOf({ imports, client, call, body }: Program): Writer {
  return (asked) => {
    const value = body(asked, FILE);
    const reads = hasFile(value);
    return [
      ...(reads ? [`import { readFileSync } from 'node:fs';`] : []),
      ...imports(value),
      '',
      ...(reads ? [`const base64 = (file: string) => readFileSync(file).toString('base64');`] : []),
      ...client(asked.origin),
      ...call(literalOf(value, { language: 'typescript' }), asked),
    ].join('\n');
  };
}

/** With a library for Python. */
export function pythonOf({ imports, client, call, body }: Program): Writer {
  return (asked) => {
    const value = body(asked, FILE);
    const reads = hasFile(value);
    return [
      ...(reads ? ['import base64'] : []),
      'import os',
      ...imports(value),
      '',
      ...(reads ? ['def base64_of(file):', '    return base64.b64encode(open(file, "rb").read()).decode()', ''] : []),
      ...client(asked.origin),
      ...call(literalOf(value, { language: 'python' }), asked),
    ].join('\n');
  };
}

/** Attachments are read from files beside the program. */
const FILE: Source = ({ name, mediaType }, form) =>
  fileContent(name, form === 'data-url' ? `data:${mediaType};base64,` : '');
