import { withAnswerTool } from '@patchbay/llm/client/fit/answer-tool';
import { fitRequest } from '@patchbay/llm/client/fit/fit-request';
import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Json, JsonObject } from '@patchbay/llm/model/json';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import { codecOf } from '@patchbay/llm/providers/codec-of';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
import type { ClientCodec, Loss } from '@patchbay/llm/wire/codec';
import { isObject, objectOf, parseJson } from '@patchbay/llm/wire/read';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';
import { writeBody } from '@patchbay/llm/wire/write-body';

import { translateSpeech } from '../relay/translate-speech.ts';
import { addressOf } from './address.ts';
import { attemptHeaders } from './attempt-headers.ts';
import type { AttemptPlan, Prepared } from './attempt-plan.ts';
import type { Call } from './call.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { lossLines } from './losses.ts';
import type { ProviderRuntime } from './ports.ts';
import { unresolvedState } from './stored-responses/unknown-state.ts';

/** The caller's request in the provider's dialect, with what the caller's dialect had no place for put back. */
export async function prepareTranslation(plan: AttemptPlan, speaks: Speaks): Promise<Result<Prepared>> {
  const { call, runtime, model, credential, vault } = plan;
  const json = bodyOf(call);
  const client = clientOf(call, json);
  const upstream = codecOf(speaks);
  const dialect = speaks.dialect ?? {};
  const decoded = decodeCall(call, client, json);
  if (!decoded.ok) return decoded;
  const asked: GenerationRequest = { ...decoded.value, model };
  const scope = call.caller.keyId;
  const issuer = { format: speaks.format, provider: runtime.record.id, account: credential.id };
  const { request, losses: unsigned } = await vault.restore(asked, { scope, target: issuer });
  const fitted = fitRequest(request, { speaks, model });
  const encoded = upstream.encodeRequest(fitted.request, dialect);
  if (!encoded.ok) return encoded;
  const written = writeBody(encoded.value.body);
  const losses: Loss[] = [...unsigned, ...fitted.losses, ...encoded.value.losses, ...written.losses];
  const refused = call.strict ? strictRefusal(runtime, losses) : undefined;
  if (refused !== undefined) return failed(refused);
  return ok({
    request: {
      method: 'POST',
      url: runtime.baseUrl + addressOf(call, speaks, model),
      headers: attemptHeaders(plan, speaks),
      body: written.text,
    },
    speech: translateSpeech({
      client,
      upstream: fitted.answersByTool ? withAnswerTool(upstream) : upstream,
      dialect,
      request,
      names: { id: call.record.requestId, model: call.model, createdAtMs: call.record.startedAtMs },
      inputTokensEstimate: estimateTokens(call.body.length),
      onOutline: (outline) => {
        // Written by the plain codec: the one that keeps answers would take the outline for the answer.
        const plain: ClientCodec = WIRE_FORMATS[call.clientFormat];
        losses.push(...plain.encodeResponse(outline, request).losses);
        call.record.losses = lossLines(losses);
      },
      observe: () => vault.observe({ scope, issuer, request: asked }),
    }),
    losses,
    format: speaks.format,
  });
}

const bodyOf = (call: Call): JsonObject | undefined => call.json ?? objectOf(parseJson(call.body.toString()));

function clientOf(call: Call, json: JsonObject | undefined): ClientCodec {
  const codec: ClientCodec = WIRE_FORMATS[call.clientFormat];
  return (json && call.thread?.dress(codec, json)) ?? codec;
}

/** The call in words of the model, as its client sent it. */
export function decodedCall(call: Call): Result<GenerationRequest> {
  const json = bodyOf(call);
  return decodeCall(call, clientOf(call, json), json);
}

function decodeCall(call: Call, client: ClientCodec, json: JsonObject | undefined): Result<GenerationRequest> {
  const unsupported = call.clientFormat === 'openai-responses' ? unresolvedState(json) : threadRefusal(call, json);
  if (unsupported !== undefined) return failed(unsupported);
  const addressed = call.modelSpan === undefined ? { model: call.model, stream: call.stream } : undefined;
  return client.decodeRequest((json && call.thread?.remaining(json)) ?? json ?? null, addressed);
}

/** Callers who ask for strictness get nothing rather than less than they said. */
export function strictRefusal({ record }: ProviderRuntime, [first]: readonly Loss[]): Failure | undefined {
  if (first === undefined) return undefined;
  const message = `\`${first.path}\` cannot be carried to ${record.name}: ${first.what} (${first.instead}). Remove it, choose a model that speaks your dialect, or drop the x-patchbay-strict header.`;
  return { kind: 'invalid-request', path: first.path, message };
}

/**
 * A conversation that the vendor keeps on its side cannot go on elsewhere. With these very words Anthropic's clients
 * send it again as a whole; any other refusal would be the end of it.
 */
export function threadRefusal(call: Call, json: Json | undefined): Failure | undefined {
  if (call.clientFormat !== 'anthropic-messages' || !isObject(json) || !isObject(json['thread'])) return undefined;
  const message = 'This model does not keep threads. Send the whole conversation.';
  const details = { error_code: 'thread_unsupported_request', unsupported: ['thread'] };
  const error = { type: 'invalid_request_error', message, details };
  const body = { type: 'error', error };
  return { kind: 'invalid-request', path: 'thread', message, raw: { format: 'anthropic-messages', body } };
}
