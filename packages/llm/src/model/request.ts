import type { Extras } from './extras.ts';
import type { JsonObject } from './json.ts';
import type { Message } from './message.ts';
import type { Tool, ToolChoice } from './tool.ts';

/** The shape the answer's text must have. */
export type OutputFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema';
      readonly name?: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
      readonly extras?: Extras;
    };

/**
 * How much the model may think. `effort` is the vendor's own word (`low`, `medium`, `high`, …); `budgetTokens` is an
 * upper bound in tokens; `mode` says whether thinking is on at all. Only what the caller said is present.
 */
export interface ReasoningSettings {
  readonly mode?: 'enabled' | 'disabled' | 'adaptive';
  readonly effort?: string;
  readonly budgetTokens?: number;
  readonly extras?: Extras;
}

/** A call to a model, whatever dialect it came in. Nothing is present that the caller did not say. */
export interface GenerationRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** Upper bound of the answer, in tokens, reasoning included. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly seed?: number;
  readonly stopSequences?: readonly string[];
  readonly outputFormat?: OutputFormat;
  readonly reasoning?: ReasoningSettings;
  /** How many alternative answers are asked for. Absent means one. */
  readonly candidateCount?: number;
  /** The caller's own name for its end user; opaque to us. */
  readonly endUserId?: string;
  readonly stream: boolean;
  /** Whether a streamed answer must end with usage where the caller's format makes that optional. */
  readonly streamUsage: boolean;
  readonly extras?: Extras;
}
