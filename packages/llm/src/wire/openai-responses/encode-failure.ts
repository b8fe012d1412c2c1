import type { Failure, FailureKind } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import { encodeFailure as encodeForChat } from '../openai-chat/encode-failure.ts';
import { objectOf, textOf } from '../read.ts';
import { OWN } from './own-extras.ts';

/** Codes by which agents tell what to do: waiting, giving up or making the conversation shorter. */
const CODES: Partial<Readonly<Record<FailureKind, string>>> = {
  'content-policy': 'invalid_prompt',
  overloaded: 'server_is_overloaded',
};

/** Writes a failure as OpenAI would; a failure that OpenAI itself worded keeps its words. */
export function encodeFailure(failure: Failure): { readonly status: number; readonly body: JsonObject } {
  const { status, body } = encodeForChat(failure);
  const code = body === failure.raw?.body ? undefined : CODES[failure.kind];
  return { status, body: code === undefined ? body : { error: { ...objectOf(body['error']), code } } };
}

/** Codes of a failed response where refusals have others: without one agents would try in vain or give up. */
const STREAMED: Partial<Readonly<Record<FailureKind, string>>> = {
  'invalid-request': 'invalid_prompt',
  upstream: 'server_error',
  protocol: 'server_error',
  network: 'server_error',
  timeout: 'server_error',
  internal: 'server_error',
};

/** The `error` of a failed response; agents read from its sentence how long to wait. */
export function encodeError({ raw, ...failure }: Failure): JsonObject {
  const worded = raw?.format === OWN || raw?.format === 'openai-chat' ? objectOf(objectOf(raw.body)?.['error']) : {};
  const usual = STREAMED[failure.kind] ?? textOf(objectOf(encodeFailure(failure).body['error'])?.['code']);
  const { message, retryAfterMs } = failure;
  const waits = failure.kind === 'rate-limit' && retryAfterMs !== undefined && !/try again in/i.test(message);
  return {
    code: textOf(worded?.['code']) ?? usual ?? 'server_error',
    message: waits ? `${message} Please try again in ${retryAfterMs / 1000}s.` : message,
  };
}
