import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

// oxlint-disable-next-line no-control-regex
const ILLEGAL_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const PATH = /^\/[\x21\x22\x24-\x7e]*$/;
/** A connection is no request, and a trace would come back with our credential in it. */
const METHOD = /^(?!CONNECT$|TRACE$)[A-Z][A-Z-]{0,31}$/;
/** Methods whose servers wait for a body, or a word that there is none. */
const WITH_BODY = /^(?:POST|PUT|PATCH)$/;
/** Names that belong to the connection: a second one of them would frame another request than ours. */
const OURS =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/;

/** Names that have been looked at, because the same few come with every request. */
const goodNames = new Set<string>();
const GOOD_NAMES_MAX = 500;

/** A request that would say something else on the wire than it says here. */
export class IllegalRequest extends Error {
  readonly code = 'ILLEGAL_REQUEST';
}

/** How a request's body ends: after so many bytes, or with the last of its chunks. */
export type BodyFraming = number | 'chunked';

/**
 * Request line and headers as they go out. `host` as it stands in the URL; the connection is kept. Throws with the
 * code `ILLEGAL_REQUEST` for a method, path or header that would break out of its line, and for a
 * header that belongs to the connection.
 */
export function requestHead(request: UpstreamRequest, host: string, path: string, framing: BodyFraming): string {
  if (!METHOD.test(request.method)) throw new IllegalRequest('the method is not allowed');
  if (!PATH.test(path)) throw new IllegalRequest('the path holds characters that are not allowed');
  let head = `${request.method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (const name in request.headers) {
    const value = request.headers[name] as string;
    if (!goodNames.has(name)) checkName(name);
    if (ILLEGAL_VALUE.test(value)) throw new IllegalRequest(`the header ${name} holds characters that are not allowed`);
    head += `${name}: ${value}\r\n`;
  }
  if (framing === 'chunked') return `${head}transfer-encoding: chunked\r\n\r\n`;
  return framing > 0 || WITH_BODY.test(request.method) ? `${head}content-length: ${framing}\r\n\r\n` : `${head}\r\n`;
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new IllegalRequest('a header name holds characters that are not allowed');
  if (OURS.test(name)) throw new IllegalRequest(`the header ${name} is set by the connection alone`);
  if (goodNames.size < GOOD_NAMES_MAX) goodNames.add(name);
}
