import type { JsonObject } from '@patchbay/llm/model/json';
import { objectOf } from '@patchbay/llm/wire/read';

import type { Call } from '../call.ts';
import type { EndpointCall } from '../endpoints/endpoint-call.ts';
import type { PassCall } from '../endpoints/run-pass.ts';
import { estimateTokens } from '../estimate-tokens.ts';

/** What a call is thought to use before anything of it is known. */
export interface Asked {
  /** As the client addressed it; empty where that is not known. */
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Output that is reserved for calls which do not say how long it may be, in tokens. */
const OUTPUT_USUAL = 1024;
/** Most output that is reserved: agents ask for far more than they use, and what goes beyond is counted in the end. */
const OUTPUT_MAX = 8192;

/** A chat: its body, and as much of an answer as it allows. */
export function askedOfChat({ model, operation, body, json }: Call): Asked {
  if (operation === 'count-tokens') return { model, inputTokens: 0, outputTokens: 0 };
  const asked = askedOfBody(model, body.length, json);
  return operation === 'generate' ? asked : { ...asked, outputTokens: 0 };
}

/** The same, of a body as it lies before somebody. */
export const askedOfBody = (model: string, bodyBytes: number, json: JsonObject | undefined): Asked => ({
  model,
  inputTokens: estimateTokens(bodyBytes),
  outputTokens: outputOf(json ?? {}),
});

/** Another endpoint: what the words in its body weigh. */
export const askedOfEndpoint = ({ model, endpoint, body }: EndpointCall): Asked => ({
  model,
  inputTokens: estimateTokens(body.textBytes),
  outputTokens: endpoint === 'completions' ? OUTPUT_USUAL : 0,
});

/** A request that passes as it is: nobody has looked what it asks for. */
export const askedOfPass = ({ upload, headers }: PassCall): Asked => ({
  model: '',
  inputTokens: weighsText(headers['content-type']) ? estimateTokens(upload?.lengthBytes ?? 0) : 0,
  outputTokens: 0,
});

function outputOf(json: JsonObject): number {
  const { max_completion_tokens: completion, max_tokens: plain, max_output_tokens: output, n } = json;
  const gemini = objectOf(json['generationConfig'])?.['maxOutputTokens'];
  const stated = [completion, plain, output, gemini].find((each) => typeof each === 'number' && each > 0);
  const each = typeof stated === 'number' ? stated : OUTPUT_USUAL;
  return Math.min(OUTPUT_MAX, Math.ceil(each) * (typeof n === 'number' && n >= 1 ? Math.ceil(n) : 1));
}

/** Files are not counted by their bytes. */
const weighsText = (type: string | undefined): boolean =>
  type !== undefined && /^(?:application\/json|text\/)/i.test(type);
