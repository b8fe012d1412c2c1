import type { OutgoingHttpHeaders } from 'node:http';

import { relayedHeaders } from './response-headers.ts';
import type { UpstreamHeaders } from './upstream.ts';

/** The headers of an answer whose bytes go on as they came: what says how to read them goes with them. */
export function passedHeaders(upstream: UpstreamHeaders): OutgoingHttpHeaders {
  const coding = upstream['content-encoding'];
  const headers = relayedHeaders(upstream);
  if (coding !== undefined) headers['content-encoding'] = String(coding);
  return headers;
}
