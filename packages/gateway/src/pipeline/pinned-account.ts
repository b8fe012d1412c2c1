import type { SignedStateVault } from '@patchbay/llm/tools/signed-state/vault';

import type { Call } from './call.ts';
import type { ProviderRuntime } from './ports.ts';
import { decodedCall } from './prepare-translation.ts';
import type { SpokenFormats } from './spoken-formats.ts';

/** What decides about the account of one attempt. */
export interface PinParts {
  readonly call: Call;
  readonly runtime: ProviderRuntime;
  readonly model: string;
  readonly vault: SignedStateVault;
  readonly formats: SpokenFormats;
}

/**
 * Id of the account that signed the conversation last: only it may be able to read what it signed, and it has the
 * conversation in its cache; or of the one that keeps the conversation where the call only names it. At once `undefined` where bytes pass as they are or there is nothing to choose.
 */
export function pinnedAccount(parts: PinParts): undefined | Promise<string | undefined> {
  const { call, runtime, model, formats } = parts;
  const issuer = call.thread?.issuer;
  if (issuer?.provider === runtime.record.id) return Promise.resolve(issuer.account);
  const { clientFormat } = call;
  if (runtime.pool.size < 2 || formats.choose(runtime, model, clientFormat)?.format === clientFormat) return undefined;
  return accountOf(parts);
}

async function accountOf({ call, runtime, vault }: PinParts): Promise<string | undefined> {
  const decoded = decodedCall(call);
  if (!decoded.ok) return undefined;
  const pin = await vault.pinOf(decoded.value, call.caller.keyId);
  return pin?.issuer.provider === runtime.record.id ? pin.issuer.account : undefined;
}
