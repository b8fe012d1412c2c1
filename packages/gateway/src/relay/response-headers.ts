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

/** Names under which headers go on, `undefined` for those that stay; bounded, because names come from outside. */
const passedNames = new Map<string, string | undefined>();
const NAMES_MAX = 1000;

function passedName(name: string): string | undefined {
  if (KEPT_BACK.has(name) || ACCOUNT.test(name) || name.startsWith('access-control-')) return undefined;
  // The provider's request id moves aside for ours.
  return name === 'x-request-id' ? 'x-upstream-request-id' : name;
}

/** The provider's headers that a caller of the same dialect may see. */
export function relayedHeaders(upstream: UpstreamHeaders): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const name of Object.keys(upstream)) {
    const value = upstream[name];
    let passed = passedNames.get(name);
    if (passed === undefined && !passedNames.has(name)) {
      passed = passedName(name);
      if (passedNames.size < NAMES_MAX) passedNames.set(name, passed);
    }
    if (passed !== undefined && value !== undefined) headers[passed] = typeof value === 'string' ? value : [...value];
  }
  return headers;
}
