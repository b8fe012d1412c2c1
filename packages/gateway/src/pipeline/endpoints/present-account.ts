import { schemeFor, secretsOf, signsRequests, type Credential } from '@patchbay/llm/credentials/credential';
import type { RequestSigner, Signature } from '@patchbay/llm/credentials/signers/request-signer';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import { failed, ok, type Result } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { ProviderRuntime } from '../ports.ts';

/** One request and the account that it is sent with. */
export interface Presenting {
  readonly signer: RequestSigner;
  readonly runtime: ProviderRuntime;
  readonly credential: Credential;
  /** As it will be sent, but for a body that is still on its way. */
  readonly request: UpstreamRequest;
  readonly isBodyComing: boolean;
}

/** What presents an account to its provider. A failure where a signature would have to cover a body nobody has yet. */
export function presentAccount({
  signer,
  runtime: { record },
  credential,
  request,
  isBodyComing,
}: Presenting): Result<Signature> | Promise<Result<Signature>> {
  const scheme = schemeFor(record.auth, credential) ?? record.auth[0];
  if (scheme.kind === 'sigv4' && isBodyComing) {
    const message = `${record.name} takes bodies that are passed through only with an API key, because signatures cover them.`;
    return failed({ kind: 'authentication', message });
  }
  if (signsRequests(scheme)) return signer.sign(scheme, credential, request, new AbortController().signal);
  try {
    return ok({ headers: sign(scheme, credential), secrets: secretsOf(credential) });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const message = `${record.name} cannot be shown this account.`;
    return failed({ kind: 'authentication', message, detail });
  }
}
