import type { Result } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import type { GenerationResponse } from '@patchbay/llm/model/response';

import type { CallRecord } from '../telemetry/call-record.ts';
import type { Caller } from '../identity/ports.ts';

/** On whose behalf a model is called. */
export interface ModelCall {
  readonly caller: Caller;
  readonly requestId: string;
  readonly route: string;
  readonly signal: AbortSignal;
  /** Where the decisions of the call are written down; absent where nobody wants to know. */
  readonly trace?: NonNullable<CallRecord['trace']>;
  /** Hears the text so far each time that there is more; the answer is then streamed. */
  readonly onText?: (text: string) => void;
}

/** Models, as everybody calls them. */
export interface Models {
  chat(request: GenerationRequest, call: ModelCall): Promise<Result<GenerationResponse>>;
  /** A request of OpenAI’s image endpoint, and the provider’s answer to it. */
  drawImages(asked: JsonObject, call: ModelCall): Promise<Result<JsonObject>>;
  /** True where a provider has an account here. */
  isConfigured(providerId: string): boolean;
}

/** What one of the kinds is called in addresses, logs and settings. */
export type GenerationEndpoint = 'outline' | 'slides' | 'images';

/** What is told while something is made. */
export interface Progress {
  /** `started`: what is asked of whom. `progress`: how far it is. `item`: one that is there, until it is mended. */
  readonly event: 'started' | 'progress' | 'item';
  readonly data: JsonObject;
}

/** Who wants something made. */
export interface Wish extends Omit<ModelCall, 'onText'> {
  /** Hears how it goes on; absent where only the end is of interest. */
  readonly tell?: (progress: Progress) => void;
}
