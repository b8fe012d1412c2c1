import { CALLING_PERMISSIONS } from '@patchbay/contract';

import type { Authenticator, Identified } from './authenticator.ts';
import type { Caller, KeyVerifier } from './ports.ts';
import { presentedKey } from './presented-key.ts';
import type { Principal } from './principal.ts';

/**
 * Lets keys that open calls alone in as their owners, so that these may have decks made and see traces of their own calls;
 * they may do nothing else. Everybody else is who `authenticator` says.
 */
export const debugAuthenticator = (authenticator: Authenticator, keys: KeyVerifier): Authenticator => ({
  ...authenticator,
  async identify(request, peer): Promise<Identified> {
    const identified = await authenticator.identify(request, peer);
    if (identified.kind !== 'refused' || identified.why !== 'calls-only') return identified;
    const key = presentedKey({ headers: request.headers, url: '' });
    const caller = key === undefined ? 'unknown' : keys.verify(key);
    return typeof caller === 'string' ? identified : { kind: 'principal', principal: callerOnly(caller) };
  },
});

const callerOnly = (caller: Caller): Principal => ({
  kind: 'api-key',
  id: caller.userId ?? caller.keyId,
  name: caller.label,
  role: 'viewer',
  permissions: new Set(CALLING_PERMISSIONS),
  caller,
});
