import type { OperationFailure } from '@patchbay/contract';
import type { Secret } from '@patchbay/llm/credentials/secret';

import { maskedProxyUrl, PASSWORD_MASK, readProxyUrl } from '../../egress/proxy-url.ts';
import { wrongUrl } from './failures.ts';

/** What a request says of where a proxy is. */
export interface SentUrl {
  readonly url?: string | undefined;
  readonly proxy_url?: string | undefined;
  readonly protocol?: string | undefined;
}

/** A URL taken apart for its row. */
export type ReadUrl =
  | {
      readonly ok: true;
      readonly url: string;
      readonly protocol: string;
      /** `kept`: the mask came back in the place of the password. */
      readonly password: Secret | 'kept' | undefined;
    }
  | { readonly ok: false; readonly failure: OperationFailure };

/** Longest URL that a row holds. */
const URL_LENGTH_MAX = 255;
/** The mask where a password stands: between the first colon behind the scheme and the `@`. */
const MASKED = new RegExp(`^[^:]+://[^:@/]+:${PASSWORD_MASK.replaceAll('*', '\\*')}@`);

/** Reads the URL of a proxy under either of its names. */
export function readSentUrl({ url, proxy_url: other, protocol }: SentUrl): ReadUrl {
  if (url !== undefined && other !== undefined && url !== other)
    return {
      ok: false,
      failure: wrongUrl('`url` and `proxy_url` are two names of one member and were sent with two values.'),
    };
  const text = url ?? other;
  if (text === undefined) return { ok: false, failure: wrongUrl('A proxy needs its URL.') };
  const address = readProxyUrl(text);
  if (address === undefined) return { ok: false, failure: wrongUrl('This is no URL of a proxy.') };
  if (protocol !== undefined && protocol !== address.protocol)
    return {
      ok: false,
      failure: wrongUrl(`\`protocol\` is ${protocol}, but the URL begins with ${address.protocol}.`),
    };
  const masked = maskedProxyUrl(address);
  if (masked.length > URL_LENGTH_MAX)
    return { ok: false, failure: wrongUrl(`The URL is longer than ${URL_LENGTH_MAX} characters.`) };
  const password = MASKED.test(text) ? 'kept' : address.password;
  return { ok: true, url: masked, protocol: address.protocol, password };
}
