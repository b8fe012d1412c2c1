import type { FailureKind } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { ServedFormatId, UPSTREAM_FORMATS } from '@patchbay/llm/wire/registry';

export type ClientId = ServedFormatId;
export type UpstreamId = keyof typeof UPSTREAM_FORMATS;

/** A tool as every dialect can declare it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

export interface Call {
  readonly name: string;
  readonly input: JsonObject;
}

/** What a tool gave back for the call of the same place in the answer before; `picture` is a PNG in base64. */
export interface ToolSaid {
  readonly text?: string;
  readonly picture?: string;
  readonly isError?: boolean;
}

/** What the caller says in one round; `picture` is a PNG and `document` a PDF, both in base64. */
export interface Said {
  readonly text?: string;
  readonly picture?: string;
  readonly document?: string;
  readonly results?: readonly ToolSaid[];
}

/** What the provider answers in one round, in words that no dialect owns. `input` counts cached tokens too. */
export interface Answer {
  readonly thought?: { readonly text: string; readonly signature?: string };
  readonly text?: string;
  readonly refusal?: string;
  readonly calls?: readonly Call[];
  readonly finish: 'end' | 'length' | 'tools' | 'declined';
  readonly usage: { readonly input: number; readonly cacheRead: number; readonly output: number };
}

/** Settings that stay the same in every round. */
export interface Settings {
  readonly system?: string;
  readonly tools?: readonly Tool[];
  readonly schema?: JsonObject;
  readonly stops?: readonly string[];
  readonly thinks?: boolean;
}

/** How a provider refuses; `wait` in seconds is its Retry-After. */
export interface Refusal {
  readonly status: number;
  readonly kind: FailureKind;
  readonly message: string;
  readonly wait?: number;
}

/** Words that some dialect has no way to say. */
export type Need = 'stops' | 'resultPicture' | 'resultError' | 'signature' | 'refusal' | 'cached' | 'document';

/**
 * A place where a translation cannot be whole. `facets` may differ and at least one of them does; everything else stays
 * the same. `loss` must then be among the losses that the gateway told of.
 */
export interface Cannot {
  readonly clients?: readonly ClientId[];
  readonly upstreams?: readonly UpstreamId[];
  readonly facets: readonly (keyof Asked | keyof Heard)[];
  readonly reason: string;
  readonly loss: RegExp;
}

interface FeatureBase {
  readonly id: string;
  readonly title: string;
  readonly needs?: readonly Need[];
  readonly cannot?: readonly Cannot[];
}

/** A conversation that both sides must hear alike, whole and streamed. */
export interface Conversation extends FeatureBase {
  readonly kind: 'conversation';
  readonly settings: Settings;
  readonly rounds: readonly { readonly said: Said; readonly answer: Answer }[];
  /** Tag of the recordings that show the same and are replayed beside it. */
  readonly recorded?: readonly string[];
}

/** A provider's refusal that must reach the caller with its meaning and its words. */
export interface Refused extends FeatureBase {
  readonly kind: 'refusal';
  readonly refusal: Refusal;
  /** Status that callers of a foreign dialect see; default the provider's own. */
  readonly statusFor?: Readonly<Partial<Record<ClientId, number>>>;
}

/** A stream that breaks after its first words, by the provider's own error event. */
export interface Broken extends FeatureBase {
  readonly kind: 'broken';
  readonly text: string;
  readonly message: string;
}

/** A caller who leaves in the middle of a stream. */
export interface Cancelled extends FeatureBase {
  readonly kind: 'cancelled';
  readonly text: string;
}

export type Feature = Conversation | Refused | Broken | Cancelled;

/** Returns the feature unchanged; it exists so that literals are checked where they are written. */
export const defineFeature = (feature: Feature): Feature => feature;

/** What a request says, in words that no dialect owns. */
export interface Asked {
  readonly system: string;
  readonly user: readonly string[];
  readonly pictures: readonly string[];
  readonly documents: readonly string[];
  readonly answers: readonly string[];
  readonly calls: readonly Call[];
  /** `call` is the place of the call among all calls of the conversation. */
  readonly results: readonly { readonly call: number; readonly text: string; readonly isError: boolean }[];
  readonly resultPictures: readonly string[];
  readonly signatures: readonly string[];
  readonly tools: readonly Tool[];
  readonly schema: unknown;
  readonly stops: readonly string[];
  readonly maxTokens: unknown;
  readonly thinks: boolean;
}

/** What the official client made of an answer. */
export interface Heard {
  readonly text: string;
  readonly thought: string;
  readonly calls: readonly Call[];
  readonly finish: Answer['finish'];
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
}

/** Bound on every answer that a conversation asks for, in tokens. */
export const MAX_TOKENS = 4096;
