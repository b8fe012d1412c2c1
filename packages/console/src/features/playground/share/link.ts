import type { Attachment } from '../attachments/attachment.ts';
import type { Reply } from '../conversation.ts';
import type { KeptChat } from './kept-chat.ts';
import { readChat } from './read-chat.ts';

/** What the fragment of a link to a chat begins with. */
export const FRAGMENT = 'chat=';

/** Attachments up to this size go with a link, in bytes. */
export const CARRIED_BYTES_MAX = 8_000;
/** Longest link, in characters: browsers take it, which programs for mail and talk may not. */
export const LINK_CHARS_MAX = 500_000;
/** What a link unfolds to, at most, in bytes: one of a few characters could else fill the memory. */
const UNFOLDED_BYTES_MAX = 8_000_000;

/** A link to a chat: all of it lies in the fragment, which browsers send to no server. */
export interface ChatLink {
  readonly address: string;
  /** Names of attachments that are too large for it. */
  readonly leftOut: readonly string[];
}

/** Puts a chat into a link. `page`: address of the playground. */
export async function linkOf(chat: KeptChat, page: string): Promise<ChatLink> {
  const turns = chat.turns.map((turn) => ({
    ...turn,
    attachments: turn.attachments.map(carried),
    lanes: turn.lanes.map((lane) => lane.map(withoutId)),
  }));
  const text = JSON.stringify({ ...chat, turns });
  const folded = await bytesOf(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  const leftOut = chat.turns.flatMap(({ attachments }) =>
    attachments.filter(({ bytes }) => bytes > CARRIED_BYTES_MAX).map(({ name }) => name),
  );
  return { address: `${page}#${FRAGMENT}${toText(folded)}`, leftOut };
}

/** The chat of a fragment, without `#`; `undefined` where the fragment is of no chat. Rejects where it cannot be read. */
export async function chatIn(fragment: string): Promise<KeptChat | undefined> {
  if (!fragment.startsWith(FRAGMENT)) return undefined;
  try {
    const folded = new Blob([toBytes(fragment.slice(FRAGMENT.length))]);
    const stream = folded.stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const unfolded = await bytesOf(stream, UNFOLDED_BYTES_MAX);
    return readChat(JSON.parse(new TextDecoder().decode(unfolded)));
  } catch {
    throw new Error('This link cannot be read. Was it copied whole?');
  }
}

const carried = (attachment: Attachment): object =>
  attachment.bytes > CARRIED_BYTES_MAX ? { ...attachment, content: undefined } : attachment;

/** The log is its owner's: whoever has the link has no use for the id. */
const withoutId = (reply: Reply): object => ({ ...reply, requestId: undefined });

async function bytesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > bytesMax) throw new RangeError(`More than ${bytesMax} bytes.`);
    pieces.push(piece);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** Base64 of the kind that addresses carry as it is. */
const toText = (bytes: Uint8Array<ArrayBuffer>): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const toBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
