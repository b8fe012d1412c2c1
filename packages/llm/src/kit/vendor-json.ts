import type { JsonObject } from '../model/json.ts';
import { decodeFailure } from '../wire/openai-chat/decode-failure.ts';
import { objectOf, parseJson } from '../wire/read.ts';
import { newHttpClient, type HttpClientConfig } from './http.ts';
import { providerErrorOf } from './provider-error.ts';

/** A question to a vendor beyond its formats. */
export interface VendorQuestion {
  readonly provider: string;
  /** For errors. */
  readonly operation: string;
  readonly method?: string;
  readonly url: string;
  /** Sent as a bearer. */
  readonly apiKey?: string;
  readonly body?: JsonObject;
  readonly http?: HttpClientConfig;
  readonly signal?: AbortSignal | undefined;
}

/** What a vendor answers to it, an empty object where it answers without JSON. Throws `ProviderError`. */
export async function vendorJson(question: VendorQuestion): Promise<JsonObject> {
  const { provider, operation, method = 'GET', url, apiKey, body, http, signal } = question;
  const headers = {
    accept: 'application/json',
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const request = { method, url, headers, ...(body && { body: JSON.stringify(body) }) };
  const answer = await newHttpClient(http).send(request, signal);
  const read = parseJson(answer.text) ?? {};
  if (answer.status >= 400)
    throw providerErrorOf(decodeFailure(answer.status, read, answer.headers), { provider, operation });
  return objectOf(read) ?? {};
}
