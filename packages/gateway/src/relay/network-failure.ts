import type { Failure } from '@patchbay/llm/model/failure';

import { isProxyFault } from '../egress/proxy-greeting.ts';

const TLS_CODE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME/;

/** Names the transport fault without the address book of the installation: codes only, no URLs. */
export function networkFailure(error: Error & { code?: string; cause?: unknown }): Failure {
  const code = error.code ?? (error.cause as { code?: string } | undefined)?.code ?? error.name;
  if (isProxyFault(code)) return proxyFailure(code, error.message);
  if (code === 'ETIMEDOUT') {
    return {
      kind: 'timeout',
      phase: 'connect',
      message: 'The provider could not be reached in time.',
      code,
      detail: error.message,
    };
  }
  if (code === 'EGRESS_DENIED') {
    return {
      kind: 'permission',
      message:
        'The provider address is private and not allowed. Name it in EGRESS_ALLOW or in the provider’s base URL setting.',
      code,
      detail: error.message,
    };
  }
  if (code === 'ILLEGAL_REQUEST') {
    return { kind: 'invalid-request', message: `The request cannot be sent to the provider: ${error.message}.`, code };
  }
  if (code === 'MALFORMED_RESPONSE') {
    return { kind: 'protocol', message: `The provider does not speak HTTP/1.1 as it should: ${error.message}.`, code };
  }
  const what = TLS_CODE.test(code)
    ? `Secure connection to the provider failed (${code}).`
    : `The connection to the provider failed (${code}).`;
  return { kind: 'network', message: what, code, detail: error.message };
}

/** What to do about a proxy's fault; its address is not told. */
const PROXY_REMEDIES: Readonly<Record<string, string>> = {
  PROXY_AUTH_REFUSED: 'The outbound proxy refused the user and password in its URL.',
  PROXY_EGRESS_DENIED:
    'The outbound proxy’s address is private and not allowed. Name it in EGRESS_ALLOW if the gateway is meant to use it.',
  PROXY_REFUSED: 'The outbound proxy refused to connect to the provider.',
};

function proxyFailure(code: string, detail: string): Failure {
  if (code === 'PROXY_TIMEOUT' || code === 'PROXY_ETIMEDOUT')
    return { kind: 'timeout', phase: 'connect', message: 'The outbound proxy did not answer in time.', code, detail };
  const message = PROXY_REMEDIES[code] ?? `The outbound proxy cannot be used (${code}).`;
  return { kind: 'network', message, code, detail };
}
