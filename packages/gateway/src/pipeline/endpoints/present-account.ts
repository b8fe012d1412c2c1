import { schemeFor, type Credential } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import { failed, ok, type Result } from '@patchbay/llm/model/failure';

import type { ProviderRuntime } from '../ports.ts';

/** The headers that present an account to its provider; a failure for accounts that must see what they sign. */
export function presentAccount(
  { record }: ProviderRuntime,
  credential: Credential,
): Result<Readonly<Record<string, string>>> {
  try {
    return ok(sign(schemeFor(record.auth, credential) ?? record.auth[0], credential));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const message = `${record.name} takes requests of other kinds than chats only with an API key.`;
    return failed({ kind: 'authentication', message, detail });
  }
}
