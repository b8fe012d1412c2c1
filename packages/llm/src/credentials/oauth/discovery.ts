import { allowInsecureRequests, customFetch, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi';
import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import type { OAuthEndpoints } from './definition.ts';
import type { OAuthWay } from './token-endpoint.ts';

/**
 * Reads where an OpenID Connect issuer has its endpoints from its discovery document, which must name the issuer that was
 * asked. A document of another, or none, is a `protocol` failure.
 */
export async function discoverEndpoints(
  { exchange }: OAuthWay,
  issuer: string,
  signal: AbortSignal,
): Promise<Result<OAuthEndpoints>> {
  if (!URL.canParse(issuer)) return failed(unreadable('The issuer is no address.'));
  const heard: { fault?: Failure } = {};
  try {
    const response = await discoveryRequest(new URL(issuer), {
      signal,
      [allowInsecureRequests]: true,
      [customFetch]: async (url: string, { headers }: { readonly headers: Record<string, string> }) => {
        const sent = await exchange.send(
          { method: 'GET', url, headers: { accept: headers['accept'] ?? '*/*' } },
          signal,
        );
        if (!sent.ok) {
          heard.fault = sent.failure;
          throw new Error(sent.failure.message);
        }
        const decoder = new TextDecoder();
        let text = '';
        for await (const chunk of sent.value.body) text += decoder.decode(chunk, { stream: true });
        const type = sent.value.headers['content-type'] ?? 'application/json';
        return new Response(text + decoder.decode(), { status: sent.value.status, headers: { 'content-type': type } });
      },
    });
    return endpointsOf(await processDiscoveryResponse(new URL(issuer), response));
  } catch (error) {
    return failed(heard.fault ?? unreadable((error as Error).message));
  }
}

type Found = Awaited<ReturnType<typeof processDiscoveryResponse>>;

function endpointsOf(found: Found): Result<OAuthEndpoints> {
  const { issuer, authorization_endpoint, token_endpoint, device_authorization_endpoint, revocation_endpoint } = found;
  if (token_endpoint === undefined) return failed(unreadable('It names no token endpoint.'));
  return ok({
    issuer,
    tokenUrl: token_endpoint,
    ...(authorization_endpoint !== undefined && { authorizeUrl: authorization_endpoint }),
    ...(device_authorization_endpoint !== undefined && { deviceUrl: device_authorization_endpoint }),
    ...(revocation_endpoint !== undefined && { revokeUrl: revocation_endpoint }),
  });
}

const unreadable = (why: string): Failure => ({
  kind: 'protocol',
  message: `The issuer’s discovery document cannot be used: ${why}`,
});
