import type { Json } from '../model/json.ts';

/**
 * Reads JSON that has not come to its end: what is open is closed, what is half said is left out. `undefined` when
 * nothing can be read yet. Linear in the length of the text.
 */
export function readPartialJson(text: string): Json | undefined {
  const { closers, inString, safeEnd } = scan(text);
  // Half a word, number or escape cannot be closed: then only what is surely whole is read.
  return (
    parsed((inString ? `${withoutHalfEscape(text)}"` : text) + closers) ??
    parsed(text.slice(0, safeEnd.at) + safeEnd.closers)
  );
}

interface Scan {
  /** What closes all that is open at the end, in its order. */
  readonly closers: string;
  readonly inString: boolean;
  /** The last place behind a whole member or item, and what closes the text there. */
  readonly safeEnd: { readonly at: number; readonly closers: string };
}

function scan(text: string): Scan {
  const open: string[] = [];
  let inString = false;
  let safeEnd = { at: 0, closers: '' };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
      continue;
    }
    if (char === '"') inString = true;
    else if (char === '{') open.push('}');
    else if (char === '[') open.push(']');
    else if (char === '}' || char === ']') open.pop();
    if (char === '{' || char === '[') safeEnd = { at: at + 1, closers: closersOf(open) };
    else if (char === ',') safeEnd = { at, closers: closersOf(open) };
  }
  return { closers: closersOf(open), inString, safeEnd };
}

const closersOf = (open: readonly string[]): string => open.toReversed().join('');

const withoutHalfEscape = (text: string): string => {
  const plain = text.replace(/\\u[0-9a-fA-F]{0,3}$/, '');
  const slashes = /\\+$/.exec(plain)?.[0].length ?? 0;
  return slashes % 2 === 1 ? plain.slice(0, -1) : plain;
};

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
