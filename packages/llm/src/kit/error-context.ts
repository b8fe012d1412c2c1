import { redactHeaders, redactUrl } from '../transport/redact.ts';
import { redactText } from '../transport/redact-text.ts';

/** What was sent, without secrets. */
export interface RequestSnapshot {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back, without secrets. */
export interface ResponseSnapshot {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What was going on when an error happened; nothing in it is secret, so that it may be logged and reported. */
export interface ErrorContext {
  /** The provider's own name for the call. */
  readonly requestId?: string;
  /** Our name for it, sent as `X-Correlation-ID`. */
  readonly correlationId: string;
  /** When the call began, in milliseconds since 1970. */
  readonly timestamp: number;
  /** From its beginning to the error, in milliseconds. */
  readonly duration: number;
  readonly provider: string;
  readonly model?: string;
  readonly operation: string;
  readonly request?: RequestSnapshot;
  readonly response?: ResponseSnapshot;
}

/** Longest body that is kept, in bytes. */
export const SNAPSHOT_BYTES_MAX = 4096;

/** The context with its secrets masked and its bodies cut. */
export function maskErrorContext(context: ErrorContext): ErrorContext {
  const { request, response } = context;
  return {
    ...context,
    ...(request && {
      request: { ...request, url: redactUrl(request.url), headers: redactHeaders(request.headers), ...bodyOf(request) },
    }),
    ...(response && { response: { ...response, headers: redactHeaders(response.headers), ...bodyOf(response) } }),
  };
}

const bodyOf = ({ body }: { readonly body?: string }): { readonly body?: string } =>
  body === undefined ? {} : { body: cutBytes(maskSecrets(beginningOf(body)), SNAPSHOT_BYTES_MAX) };

/** More than is kept, because masking shortens; pictures make bodies too long to look through. */
const LOOKED_THROUGH_CHARS = 16 * SNAPSHOT_BYTES_MAX;

/** A secret that is cut in two no longer looks like one: the last word goes with what is cut off. */
const beginningOf = (body: string): string =>
  body.length <= LOOKED_THROUGH_CHARS ? body : body.slice(0, LOOKED_THROUGH_CHARS).replace(/[\w.+/=-]{0,4096}$/, '');

/** Runs that no language has words of; keys look like this. */
const LONG_RUN = /[A-Za-z0-9]{40,}/g;

/** The text without bearer tokens, assignments of secrets, known kinds of keys and runs of 40 letters and digits or more. */
export const maskSecrets = (text: string): string => redactText(text).replace(LONG_RUN, '[secret]');

/** The text's beginning, of at most `bytesMax` bytes in UTF-8; no character is cut in two. */
export function cutBytes(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text;
  const into = new Uint8Array(bytesMax);
  const { read } = new TextEncoder().encodeInto(text, into);
  return text.slice(0, read);
}
