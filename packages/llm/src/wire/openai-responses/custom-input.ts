import type { JsonObject } from '../../model/json.ts';
import { isObject, objectOf, parseJson, textOf } from '../read.ts';

// A custom tool takes plain text. Everywhere else its calls are calls of a function with this text as one argument.

/** The schema of a custom tool's one argument; the grammar that its text must follow stands in the description. */
export function customSchema(format: unknown): JsonObject {
  const { syntax, definition } = objectOf(format) ?? {};
  const grammar = typeof definition === 'string' ? `Text of this ${textOf(syntax) ?? ''} grammar:\n${definition}` : '';
  return {
    type: 'object',
    properties: { input: { type: 'string', ...(grammar !== '' && { description: grammar }) } },
    required: ['input'],
    additionalProperties: false,
  };
}

/** A custom tool's text as the arguments of a function. */
export const argumentsOfInput = (input: string): string => JSON.stringify({ input });

/** What stands before the text among the arguments. */
export const INPUT_START = '{"input":"';
/** What stands behind it. */
export const INPUT_END = '"}';

/** A piece of the text as a piece of the arguments. */
export const argumentsPiece = (piece: string): string => JSON.stringify(piece).slice(1, -1);

/** The text among arguments; arguments that a model made up otherwise are the text themselves. */
export function inputOfArguments(argumentsJson: string): string {
  const made = parseJson(argumentsJson);
  return (isObject(made) ? textOf(made['input']) : undefined) ?? argumentsJson;
}

/**
 * Takes arguments piece by piece and gives the text among them as soon as it is sure; linear. What does not begin as
 * our own arguments do is held back until `rest`.
 */
export class InputPieces {
  readonly #held: string[] = [];
  #head = '';
  /** An escape that is cut off. */
  #cut = '';
  #state: 'head' | 'text' | 'over' | 'strange' = 'head';

  /** The text that `piece` adds for sure. */
  push(piece: string): string {
    if (this.#state === 'text') return this.#read(piece);
    if (this.#state === 'over') return '';
    this.#held.push(piece);
    if (this.#state === 'strange') return '';
    this.#head += piece;
    const start = HEAD.exec(this.#head);
    if (start !== null) {
      this.#state = 'text';
      return this.#read(this.#head.slice(start[0].length));
    }
    if (this.#head.length > HEAD_MAX) this.#state = 'strange';
    return '';
  }

  /** The text that nobody was told yet, once all arguments are there. */
  rest(): string {
    if (this.#state === 'text') return this.#cut;
    return this.#state === 'over' ? '' : inputOfArguments(this.#held.join(''));
  }

  #read(piece: string): string {
    const json = this.#cut + piece;
    const [text = ''] = TEXT.exec(json) ?? [];
    this.#cut = json.slice(text.length);
    if (this.#cut.startsWith('"')) this.#state = 'over';
    return text.replace(ESCAPE, unescaped);
  }
}

const HEAD = /^\s*\{\s*"input"\s*:\s*"/;
/** Longest beginning that is looked at, in characters. */
const HEAD_MAX = 64;
/** Whole characters of a JSON string, up to its end or to an escape that is cut off; models write wrong escapes too. */
const TEXT = /^(?:[^"\\]+|\\(?:u[0-9a-fA-F]{4}|[^u]|u(?![0-9a-fA-F]{0,3}$|[0-9a-fA-F]{4})))*/;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([^]))/g;
const MEANT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const unescaped = (_: string, code: string | undefined, letter: string): string =>
  code === undefined ? (MEANT[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16));
