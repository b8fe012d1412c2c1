import type { OutgoingHttpHeaders } from 'node:http';

import type { UpstreamHeaders } from './upstream.ts';

/** Headers that belong to one connection, to the provider's own site, or to us. */
const KEPT_BACK = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-encoding',
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'nel',
  'report-to',
  'server',
  'via',
  'x-powered-by',
  'date',
  'content-security-policy',
]);

/** Identifies who pays at the provider, which is not the caller's to see. */
const ACCOUNT = /^(?:openai-organization|openai-project|anthropic-organization-id|anthropic-workspace-id)$/;

/** The provider's headers that a caller of the same dialect may see; the provider's request id moves aside for ours. */
export function relayedHeaders(upstream: UpstreamHeaders): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const name of Object.keys(upstream)) {
    const value = upstream[name];
    if (value === undefined || KEPT_BACK.has(name) || ACCOUNT.test(name) || name.startsWith('access-control-'))
      continue;
    headers[name === 'x-request-id' ? 'x-upstream-request-id' : name] = typeof value === 'string' ? value : [...value];
  }
  return headers;
}
