/** How a document is written. */
export type DocumentFormat = 'json' | 'yaml';

/** Largest text that is read, in bytes. */
export const DOCUMENT_BYTES_MAX = 10_485_760;

/** What was read, or what is wrong and where. */
export type ReadDocument =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** `value` as the bytes of a file. */
export async function writeDocument(format: DocumentFormat, value: object): Promise<Buffer> {
  if (format === 'json') return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  // Loaded when it is needed: few ever ask for it.
  const { stringify } = await import('yaml');
  // Without references to parts that are equal, which other readers may not know.
  return Buffer.from(stringify(JSON.parse(JSON.stringify(value)), { aliasDuplicateObjects: false, lineWidth: 0 }));
}

/** Reads a text; where it is malformed, the message names line and column. */
export async function readDocument(format: DocumentFormat, text: string): Promise<ReadDocument> {
  if (Buffer.byteLength(text) > DOCUMENT_BYTES_MAX)
    return { ok: false, message: `The document is larger than ${DOCUMENT_BYTES_MAX} bytes. Import it in parts.` };
  return format === 'json' ? readJson(text) : readYaml(text);
}

function readJson(text: string): ReadDocument {
  const error = jsonError(text);
  if (error === undefined) return { ok: true, value: JSON.parse(text) };
  const position = positionOf(error) ?? (text.length <= SEARCHED_LENGTH_MAX ? searchPosition(text) : undefined);
  return { ok: false, message: `The document is no JSON${position === undefined ? '' : placeOf(position, text)}.` };
}

/** In longer texts it is not searched for the place of a mistake, because that takes a score of readings. */
const SEARCHED_LENGTH_MAX = 262_144;

/** The parser's words, which are not passed on: they repeat what stands there, and that may be a secret. */
function jsonError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function positionOf(error: string): number | undefined {
  const position = /position (\d+)/.exec(error)?.[1];
  return position === undefined ? undefined : Number(position);
}

/** Of some mistakes the parser does not tell the place: it is where a beginning stops being merely unfinished. */
function searchPosition(text: string): number {
  let [sound, broken] = [0, text.length + 1];
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1;
    if (isUnfinished(text.slice(0, middle))) sound = middle;
    else broken = middle;
  }
  return sound;
}

function isUnfinished(text: string): boolean {
  const error = jsonError(text);
  return error === undefined || /end of JSON|Unterminated/.test(error) || positionOf(error) === text.length;
}

function placeOf(position: number, text: string): string {
  const before = text.slice(0, position).split('\n');
  return ` at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

async function readYaml(text: string): Promise<ReadDocument> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const [{ line, col } = { line: 1, col: 1 }] = error.linePos ?? [];
    return { ok: false, message: `The document is no YAML at line ${line}, column ${col}.` };
  }
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return { ok: false, message: 'The document uses more references to its own parts than is reasonable.' };
  }
}

/** The answer of an operation that is a file. */
export async function fileOf(name: string, format: DocumentFormat, value: object) {
  return {
    name: `${name}.${format}`,
    contentType: format === 'json' ? 'application/json' : 'application/yaml',
    bytes: await writeDocument(format, value),
  };
}
