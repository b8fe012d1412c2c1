import type { Json } from '@patchbay/llm/model/json';
import type { Failure } from '@patchbay/llm/model/failure';
import type { UpstreamCodec, WireHeaders } from '@patchbay/llm/wire/codec';
import { withQuotaReset } from '@patchbay/llm/wire/quota-reset';
import { parseJson } from '@patchbay/llm/wire/read';

import type { UpstreamHeaders } from './upstream.ts';

/** An upstream's error body: JSON where it is JSON, else its text. */
export const bodyOf = (body: Buffer): Json => parseJson(body.toString()) ?? body.toString();

/** One value a header, as codecs want them. */
export function singleHeaders(headers: UpstreamHeaders): WireHeaders {
  const single: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) single[name] = typeof value === 'string' ? value : value?.[0];
  return single;
}

/** What an upstream's refusal means, and until when it will go on refusing, as far as it says. */
export function readRefusal(
  codec: Pick<UpstreamCodec<never>, 'decodeFailure'>,
  status: number,
  body: Buffer,
  headers: UpstreamHeaders,
): Failure {
  const single = singleHeaders(headers);
  return withQuotaReset(codec.decodeFailure(status, bodyOf(body), single), single);
}
