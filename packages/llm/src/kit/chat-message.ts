import type { JsonObject } from '../model/json.ts';
import type { ChatToolCall } from './chat-tool.ts';

/** Where the bytes of an image, a document or a sound are. `mediaType` is needed for base64, e.g. `image/png`. */
export interface ContentSource {
  readonly type: 'base64' | 'url';
  readonly mediaType?: string;
  /** Base64 text, for `base64`. */
  readonly data?: string;
  /** For `url`. */
  readonly url?: string;
}

/** A piece of a message. Which members count depends on `type`. */
export interface ContentPart {
  readonly type: 'text' | 'image' | 'document' | 'audio' | 'tool_use' | 'tool_result' | 'thinking';
  readonly text?: string;
  readonly source?: ContentSource;
  /** The call's id, name and arguments, for `tool_use`. */
  readonly id?: string;
  readonly name?: string;
  readonly input?: JsonObject;
  /** The id of the call that is answered, for `tool_result`. */
  readonly toolUseId?: string;
  /** What the tool gave back, for `tool_result`. */
  readonly content?: string | readonly ContentPart[];
  /** What the model thought, for `thinking`. */
  readonly thinking?: string;
  /** Members of one vendor. `signature` of a thought and `isError` of a result are carried. */
  readonly extra?: JsonObject;
}

/** One turn of a conversation. `parts`, when there are any, stand in the place of `content`. */
export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content?: string;
  readonly parts?: readonly ContentPart[];
  readonly reasoning?: string;
  /** Another vendor's name of `reasoning`; read when that is absent. */
  readonly reasoningContent?: string;
  readonly toolCalls?: readonly ChatToolCall[];
  /** The call that a message of role `tool` answers. */
  readonly toolCallId?: string;
  /** The caller's own; never sent. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The pieces of a message: its `parts`, or its text as one part, or none. */
export function getContentParts({ parts = [], content = '' }: ChatMessage): readonly ContentPart[] {
  if (parts.length > 0) return parts;
  return content === '' ? [] : [{ type: 'text', text: content }];
}

/** The text of a message; several text parts are joined with newlines. */
export const getTextContent = (message: ChatMessage): string =>
  getContentParts(message)
    .flatMap((part) => (part.type === 'text' && part.text ? [part.text] : []))
    .join('\n');

/** True when a message shows an image. */
export const hasImages = ({ parts = [] }: ChatMessage): boolean => parts.some(({ type }) => type === 'image');

const MEDIA: ReadonlySet<ContentPart['type']> = new Set(['image', 'document', 'audio']);

/** True when a message holds an image, a document or a sound. */
export const hasMedia = ({ parts = [] }: ChatMessage): boolean => parts.some(({ type }) => MEDIA.has(type));

/** A copy of the message that holds this text alone. */
export function setTextContent(message: ChatMessage, text: string): ChatMessage {
  const { parts: _, ...rest } = message;
  return { ...rest, content: text };
}

/** A copy of the message that holds these parts alone. */
export function setContentParts(message: ChatMessage, parts: readonly ContentPart[]): ChatMessage {
  const { content: _, ...rest } = message;
  return { ...rest, parts };
}

/** A copy of the message with one part more at its end; text that was there stays before it. */
export const addContentPart = (message: ChatMessage, part: ContentPart): ChatMessage =>
  setContentParts(message, [...getContentParts(message), part]);
