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
  const { thread } = call;
  const issuer = { provider: runtime.record.id, account: credential.id };
  call.json = undefined;
  const headers: Record<string, string> = attemptHeaders(plan, speaks);
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
      body: bodyFor(call, speaks, model),
    },
    speech: expressSpeech({
      codec,
      dialect: speaks.dialect ?? {},
      streams: call.stream,
      inputTokensEstimate: estimateTokens(call.body.length),
      ...(thread !== undefined && { onId: (id: string) => thread.issued(id, issuer) }),
    }),
    losses: [],
    format: speaks.format,
  };
}

/** The client's bytes; where they name the model, with the provider's name for it, or with what it wants instead. */
function bodyFor({ body, modelSpan }: Call, speaks: Speaks, model: string): Buffer {
  if (modelSpan === undefined) return body;
  const { start, end } = modelSpan;
  const version = speaks.format === 'anthropic-messages' ? speaks.dialect?.versionInBody : undefined;
  if (version === undefined)
    return Buffer.concat([body.subarray(0, start), Buffer.from(JSON.stringify(model)), body.subarray(end)]);
  const member = Buffer.from(`"anthropic_version":${JSON.stringify(version)}`);
  return Buffer.concat([body.subarray(0, memberStart(body, start)), member, body.subarray(end)]);
}

/** Where the member begins whose value begins at `start`: at its name's first quote, two before the value's colon. */
function memberStart(body: Buffer, start: number): number {
  const colon = body.lastIndexOf(':', start - 1);
  return body.lastIndexOf('"', body.lastIndexOf('"', colon) - 1);
}
