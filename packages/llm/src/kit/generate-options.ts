import type { CallCredential } from '../client/call-options.ts';
import type { ChatMessage } from './chat-message.ts';
import type { ChatTool, ChatToolChoice } from './chat-tool.ts';

/** What is asked of a provider. At least one of `prompt` and `messages` must say something. */
export interface GenerateOptions {
  /** Asked as the last user message, after `messages`. */
  readonly prompt?: string;
  /** Default: the provider's configured model, then the provider's own. */
  readonly model?: string;
  /** Background that the answer should know, put before everything as instructions. */
  readonly context?: string;
  readonly messages?: readonly ChatMessage[];
  /** Longest answer, in tokens. Default: what the provider allows. */
  readonly maxTokens?: number;
  /** 0 to 2. Default: the model's own. */
  readonly temperature?: number;
  /** Texts that end the answer. */
  readonly stop?: readonly string[];
  /** Whether the answer comes piece by piece. Default false: one piece with everything. */
  readonly stream?: boolean;
  readonly tools?: readonly ChatTool[];
  readonly toolChoice?: ChatToolChoice;
  /** A JSON schema as text, or `text`, `json` or `json_object`. */
  readonly responseFormat?: string;
  /** The whole call with all its attempts, in milliseconds. Default: a quarter of an hour for each attempt. */
  readonly timeout?: number;
  /** The caller's own; never sent. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What belongs to one call besides the question. */
export interface ChatCallOptions {
  /** Aborting it cancels the call. `AbortSignal.timeout(ms)` is a deadline. */
  readonly signal?: AbortSignal;
  /** A key or a token that counts for this call alone and wins over the stored ones. */
  readonly credential?: CallCredential;
  /** Names the call at the provider and in errors. Default: a new one. */
  readonly correlationId?: string;
}
