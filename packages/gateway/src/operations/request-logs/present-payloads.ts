import type { RequestPayload } from '@patchbay/contract/resources/payload';

import type { KeptBody, KeptPayloads } from '../../telemetry/payloads/kept-payloads.ts';
import { timestamp } from '../timestamp.ts';

/** The bodies of a request as the interface shows them. */
export const presentPayloads = (kept: KeptPayloads): RequestPayload => ({
  created_at: timestamp(kept.atMs),
  route: kept.route,
  state: kept.state,
  client_request: presentBody(kept.clientRequest),
  client_response: presentBody(kept.clientResponse),
  attempts: kept.exchanges.map(({ attempt, provider, account, request, response }) => ({
    attempt,
    provider_id: provider,
    account_id: account,
    request: presentBody(request),
    response: presentBody(response),
  })),
});

const presentBody = ({ text, bytes, truncated }: KeptBody): RequestPayload['client_request'] => ({
  text: text ?? null,
  bytes,
  truncated,
});
