import type { Speaks } from '@patchbay/llm/providers/define-provider';
import { WIRE_FORMATS, type ServedFormatId } from '@patchbay/llm/wire/registry';
import type { ClientCodec, UpstreamCodec } from '@patchbay/llm/wire/codec';

import { expressSpeech } from '../relay/express-speech.ts';
import { addressOf } from './address.ts';
import { attemptHeaders } from './attempt-headers.ts';
import type { AttemptPlan, Prepared } from './attempt-plan.ts';
import type { Call } from './call.ts';
import { estimateTokens } from './estimate-tokens.ts';

/** A client's headers that belong to its dialect and mean something to the vendor. */
const DIALECT_HEADERS = ['anthropic-beta', 'anthropic-version', 'openai-beta'];

/** The caller's own bytes with another model name, for a provider that speaks the caller's dialect. */
export function prepareExpress(plan: AttemptPlan, speaks: Speaks): Prepared {
  const { call, runtime, model, credential } = plan;
  call.json = undefined;
  const headers: Record<string, string> = { ...attemptHeaders(runtime, credential, call.stream) };
  for (const name of DIALECT_HEADERS) {
    const value = call.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const codec: UpstreamCodec<object> & ClientCodec = WIRE_FORMATS[speaks.format as ServedFormatId];
  return {
    request: {
      method: 'POST',
      url: runtime.baseUrl + addressOf(call, speaks, model, call.query),
      headers,
      body: bodyWithModel(call, model),
    },
    speech: expressSpeech({
      codec,
      dialect: speaks.dialect ?? {},
      streams: call.stream,
      inputTokensEstimate: estimateTokens(call.body.length),
    }),
    losses: [],
  };
}

/** The client's bytes; where they name the model, with the provider's name for it. */
function bodyWithModel({ body, modelSpan }: Call, model: string): Buffer {
  if (modelSpan === undefined) return body;
  const { start, end } = modelSpan;
  return Buffer.concat([body.subarray(0, start), Buffer.from(JSON.stringify(model)), body.subarray(end)]);
}
