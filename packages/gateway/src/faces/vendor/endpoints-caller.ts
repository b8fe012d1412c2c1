import type { IncomingMessage } from 'node:http';

import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';

import type { Caller, KeyVerifier } from '../../identity/ports.ts';
import { presentedKey } from '../../identity/presented-key.ts';

/** Whoever presents a data-plane key with a request, or why nobody does. Looks at nothing but headers and address. */
export function callerOf(keys: KeyVerifier, request: IncomingMessage): Result<Caller> {
  const key = presentedKey(request);
  const caller = key === undefined ? 'missing' : keys.verify(key);
  return typeof caller === 'string' ? failed(REFUSALS[caller]) : ok(caller);
}

const refusal = (message: string): Failure => ({ kind: 'authentication', message });

const REFUSALS = {
  missing: refusal(
    'No API key was given. Send one as `Authorization: Bearer <key>`; `patchbay keys create` makes one.',
  ),
  unknown: refusal('The API key is not known here. Check it, or make one with `patchbay keys create`.'),
  revoked: refusal('The API key has been revoked. Make a new one with `patchbay keys create`.'),
  expired: refusal('The API key has expired. Make a new one, or ask an administrator to prolong it.'),
} as const;
