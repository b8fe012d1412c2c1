import type { IncomingHttpHeaders } from 'node:http';

/** Headers of one connection, and those that frame a body: ours are written anew. */
const CONNECTION =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|host|content-length|expect|sec-websocket-.*)$/;

/** What presents a caller, or chooses among the accounts behind a key: the key that goes out is not the caller's. */
const CREDENTIAL =
  /^(?:authorization|cookie|x-api-key|api-key|x-goog-api-key|x-goog-user-project|x-auth-.*|x-access-token|x-access-key|x-csrf-.*|x-amz-.*|openai-organization|openai-project|chatgpt-account-id|anthropic-organization-id|anthropic-workspace-id)$/;

/** What tells where a request came from, or asks for another one than its first line does. */
const ROUTE =
  /^(?:forwarded|via|x-forwarded.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-.*|origin|referer|sec-.*|x-original-.*|x-rewrite-.*|x-http-method.*|x-method-override|x-patchbay-.*|x-request-id)$/;

/**
 * The headers of a request that go on to another site, by lower-case name. Whatever holds `key`, by which the caller
 * was admitted, stays here too, whatever its name.
 */
export function passedRequestHeaders(headers: IncomingHttpHeaders, key: string): Record<string, string> {
  const listed = new Set((headers.connection ?? '').toLowerCase().split(/[\s,]+/));
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value.join(', ') : value;
    const stays = CONNECTION.test(name) || CREDENTIAL.test(name) || ROUTE.test(name) || listed.has(name);
    if (text !== undefined && !stays && !text.includes(key)) passed[name] = text;
  }
  // In clear, so that what must not be seen can be found in what comes back.
  passed['accept-encoding'] = 'identity';
  return passed;
}

/** Parameters that present a caller. */
const CREDENTIAL_PARAMETER = /^(?:key|api[_-]?key|access_token)$/i;

/** The query of a request without what presents its caller, with its `?`, or empty; the rest stays as it was written. */
export function passedQuery(query: string, key: string): string {
  if (query === '') return '';
  const stays = (pair: string): boolean => {
    const [name, value] = [...new URLSearchParams(pair)][0] ?? ['', ''];
    return CREDENTIAL_PARAMETER.test(name) || value.includes(key) || name.includes(key);
  };
  const passed = query
    .slice(1)
    .split('&')
    .filter((pair) => !stays(pair))
    .join('&');
  return passed === '' ? '' : `?${passed}`;
}
