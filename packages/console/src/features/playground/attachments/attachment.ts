/** Something that goes with a question. */
export interface Attachment {
  readonly kind: AttachmentKind;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Base64, or the text itself where `kind` is `text`. Absent: a link that was opened left it out. */
  readonly content?: string;
}

export type AttachmentKind = 'image' | 'document' | 'text';

/** Largest files, in bytes. All of them together stay far below what the gateway takes in one call, base64 included. */
export const LIMITS: Readonly<Record<AttachmentKind, number>> = {
  image: 5_000_000,
  document: 10_000_000,
  text: 500_000,
};
/** All files of one question, in bytes. */
export const TOTAL_BYTES_MAX = 16_000_000;
/** Files of one question. */
export const COUNT_MAX = 10;

/** What the limits are, in words for beside the field. */
export const LIMIT_WORDS = 'Images up to 5 MB, PDF up to 10 MB, text up to 500 kB; 16 MB together.';

/** Media types of images that all dialects take. */
export const IMAGES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);
const TEXTS = /^text\/|^application\/(?:json|xml|yaml|x-yaml|toml|javascript|sql|x-sh)$/;
const TEXT_NAMES =
  /\.(?:txt|md|csv|tsv|json|jsonl|ya?ml|toml|xml|html?|css|m?[jt]sx?|py|rb|go|rs|java|c|h|cpp|sh|sql|log)$/i;

/** What a file chooser offers. */
export const ACCEPTED = [...IMAGES, 'application/pdf', 'text/*', '.md', '.csv', '.json', '.yaml', '.yml', '.log'].join(
  ',',
);

/** What a file is to a model; `undefined` where no dialect takes it. */
export function kindOf({ type, name }: Pick<File, 'type' | 'name'>): AttachmentKind | undefined {
  if (IMAGES.has(type)) return 'image';
  if (type === 'application/pdf') return 'document';
  return TEXTS.test(type) || (!/^(?:image|audio|video)\//.test(type) && TEXT_NAMES.test(name)) ? 'text' : undefined;
}

/** Why a file is not taken beside those that are there, in a sentence; `undefined` where it is. */
export function refusalOf(
  file: Pick<File, 'type' | 'name' | 'size'>,
  there: readonly Pick<Attachment, 'bytes'>[],
): string | undefined {
  const kind = kindOf(file);
  if (kind === undefined) return `“${file.name}” is neither an image (PNG, JPEG, WebP, GIF), a PDF nor a text.`;
  if (file.size > LIMITS[kind]) return `“${file.name}” is too large. ${LIMIT_WORDS}`;
  if (there.length >= COUNT_MAX) return `No more than ${COUNT_MAX} files go with one question.`;
  const total = there.reduce((sum, { bytes }) => sum + bytes, file.size);
  return total > TOTAL_BYTES_MAX ? `“${file.name}” is too much beside the others. ${LIMIT_WORDS}` : undefined;
}

/** Reads a file of a known kind. Rejects where the browser cannot read it, or where a text is none. */
export async function readAttachment(file: File, kind: AttachmentKind): Promise<Attachment> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return {
    kind,
    name: file.name,
    mediaType: kind === 'text' ? 'text/plain' : file.type,
    bytes: bytes.length,
    content: kind === 'text' ? textOf(bytes, file.name) : base64Of(bytes),
  };
}

function textOf(bytes: Uint8Array<ArrayBuffer>, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`“${name}” is no text in UTF-8.`);
  }
}

const STEP_BYTES = 32_768;

function base64Of(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // Arguments are on the stack: megabytes of them would not fit.
  for (let at = 0; at < bytes.length; at += STEP_BYTES)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + STEP_BYTES)));
  return btoa(pieces.join(''));
}

/** An image as an address that the page itself can show. */
export const dataUrlOf = ({ mediaType, content = '' }: Attachment): string => `data:${mediaType};base64,${content}`;
