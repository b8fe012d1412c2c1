import type { Extras, WireFormatId } from './extras.ts';
import type { Json, JsonObject } from './json.ts';

/** Where the bytes of a media part are. `text` carries a plain-text document as it is. */
export type MediaSource =
  | { readonly kind: 'base64'; readonly data: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly fileId: string }
  | { readonly kind: 'text'; readonly text: string };

/** A prompt-cache breakpoint, verbatim as the caller wrote it, e.g. `{ type: 'ephemeral', ttl: '1h' }`. */
export type CacheControl = JsonObject;

interface PartBase {
  readonly cacheControl?: CacheControl;
  readonly extras?: Extras;
}

/** Plain text, from either side. */
export interface TextPart extends PartBase {
  readonly type: 'text';
  readonly text: string;
}

/** The model declines. A format without refusals carries the text as text and the refusal as the finish reason. */
export interface RefusalPart extends PartBase {
  readonly type: 'refusal';
  readonly text: string;
}

/**
 * What the model thought. `signature` and `redacted` are opaque to us and are never rebuilt, trimmed or joined;
 * `redacted` holds encrypted thinking without readable text.
 */
export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning';
  readonly text: string;
  readonly signature?: string;
  readonly redacted?: string;
}

/** Image, audio, video, PDF or other document. `mediaType` may be a range such as `image/*` when only a URL is known. */
export interface MediaPart extends PartBase {
  readonly type: 'media';
  readonly mediaType: string;
  readonly source: MediaSource;
  readonly filename?: string;
}

/** `argumentsJson` is the text the model wrote, not re-serialised; it may be empty or invalid JSON. */
export interface ToolCallPart extends PartBase {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** What a tool gave back for the call `toolCallId`; `isError` when it failed and the model should know. */
export interface ToolResultPart extends PartBase {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  readonly content: readonly Part[];
  readonly isError: boolean;
}

/** A block that only one vendor has (a server tool's call or result, for example), kept whole under its format. */
export interface VendorPart extends PartBase {
  readonly type: 'vendor';
  readonly format: WireFormatId;
  readonly kind: string;
  readonly value: Json;
}

/** A piece of a message. Unknown kinds are failures or `vendor` parts, never dropped. */
export type Part = TextPart | RefusalPart | ReasoningPart | MediaPart | ToolCallPart | ToolResultPart | VendorPart;
