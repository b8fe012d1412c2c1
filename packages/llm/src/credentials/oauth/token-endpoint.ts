import {
  allowInsecureRequests,
  ClientSecretPost,
  customFetch,
  deviceAuthorizationRequest,
  genericTokenEndpointRequest,
  None,
  revocationRequest,
  type AuthorizationServer,
  type ClientAuth,
} from 'oauth4webapi';
import type { Clock } from '../../model/clock.ts';
import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import type { Exchange, UpstreamResponse } from '../../transport/exchange.ts';
import { Secret } from '../secret.ts';
import type { OAuthClient } from './definition.ts';

/** How requests get to an authorization server. */
export interface OAuthWay {
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Whether secrets may cross the network in the clear to this host. Default: to this machine alone. */
  readonly allowsHttp?: (hostname: string) => boolean;
}

/** What is sent to one endpoint. */
export interface OAuthRequest {
  readonly to: 'token' | 'device' | 'revoke';
  /** What the token endpoint is asked for. */
  readonly grant?: string;
  readonly form: Readonly<Record<string, string | Secret>>;
  /** Members that this server does not want. */
  readonly omits?: readonly string[];
}

/** What came back; no members where it was no JSON object. */
export interface OAuthAnswer {
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
  readonly askedAtMs: number;
}

/** More than this is no answer of a token endpoint. */
const ANSWER_BYTES_MAX = 64 * 1024;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Sends one request to an authorization server and takes its whole answer, whatever its status. A fault on the way is a
 * `network` or `timeout` failure, an address that must not be used an `invalid-request` one.
 */
export async function askServer(
  way: OAuthWay,
  client: OAuthClient,
  request: OAuthRequest,
  signal: AbortSignal,
): Promise<Result<OAuthAnswer>> {
  const { endpoints, clientSecret, clientId } = client;
  const url = { token: endpoints.tokenUrl, device: endpoints.deviceUrl, revoke: endpoints.revokeUrl }[request.to] ?? '';
  const refused = addressProblem(url, way);
  if (refused !== undefined) return failed(refused);
  const askedAtMs = way.clock.nowMs();
  const heard: { fault?: Failure } = {};
  const options = {
    signal,
    [allowInsecureRequests]: true,
    [customFetch]: async (to: string, init: { readonly body: unknown; readonly headers: Record<string, string> }) => {
      const sent = await way.exchange.send({ method: 'POST', url: to, ...written(init, client, request) }, signal);
      if (sent.ok) return answerOf(sent.value);
      heard.fault = sent.failure;
      throw new Error(sent.failure.message);
    },
  };
  const auth = clientId === '' ? nobody : clientSecret === undefined ? None() : ClientSecretPost(clientSecret.reveal());
  try {
    const response = await send({ server: serverOf(client), clientId, auth, request }, options);
    return ok({ status: response.status, members: membersOf(await response.text()), askedAtMs });
  } catch (error) {
    return failed(hideSecrets(heard.fault ?? { ...BROKEN, detail: String(error) }, client, request));
  }
}

const BROKEN: Failure = { kind: 'network', message: 'The answer of the authorization server broke off.' };

/** Servers that know no clients. */
const nobody: ClientAuth = () => undefined;

interface Sending {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly auth: ClientAuth;
  readonly request: OAuthRequest;
}

type SendOptions = NonNullable<Parameters<typeof genericTokenEndpointRequest>[5]>;

function send({ server, clientId, auth, request }: Sending, options: SendOptions): Promise<Response> {
  // The library asks for an id even where a server knows no clients; `nobody` then sends none.
  const client = { client_id: clientId === '' ? 'none' : clientId };
  const form = new URLSearchParams(
    Object.entries(request.form).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
  if (request.to === 'device') return deviceAuthorizationRequest(server, client, auth, form, options);
  if (request.to === 'token')
    return genericTokenEndpointRequest(server, client, auth, request.grant ?? '', form, options);
  const token = form.get('token') ?? '';
  form.delete('token');
  return revocationRequest(server, client, auth, token, { ...options, additionalParameters: form });
}

const serverOf = ({ endpoints }: OAuthClient): AuthorizationServer => ({
  issuer: endpoints.issuer ?? endpoints.tokenUrl,
  token_endpoint: endpoints.tokenUrl,
  ...(endpoints.deviceUrl !== undefined && { device_authorization_endpoint: endpoints.deviceUrl }),
  ...(endpoints.revokeUrl !== undefined && { revocation_endpoint: endpoints.revokeUrl }),
});

/** Why secrets are not sent there. */
function addressProblem(address: string, { allowsHttp }: OAuthWay): Failure | undefined {
  if (address === '') return { kind: 'invalid-request', message: 'The authorization server has no such endpoint.' };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:') return undefined;
  const isNear = url?.protocol === 'http:' && (LOOPBACK.has(url.hostname) || allowsHttp?.(url.hostname) === true);
  return isNear ? undefined : { kind: 'invalid-request', message: 'The token address must begin with https://.' };
}

function written(
  { body, headers }: { readonly body: unknown; readonly headers: Record<string, string> },
  { bodies = 'form' }: OAuthClient,
  { omits = [] }: OAuthRequest,
): { readonly headers: Record<string, string>; readonly body: string } {
  const form = new URLSearchParams(String(body));
  for (const name of omits) form.delete(name);
  // The way to upstreams has a user agent of its own.
  const { 'user-agent': _, ...rest } = headers;
  return bodies === 'form'
    ? { headers: rest, body: form.toString() }
    : { headers: { ...rest, 'content-type': 'application/json' }, body: JSON.stringify(Object.fromEntries(form)) };
}

/** The answer whole: whoever reads its status has then read all of it, and nothing of it is lost later. */
async function answerOf({ status, headers, body }: UpstreamResponse): Promise<Response> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ANSWER_BYTES_MAX) throw new Error('The answer is too long for one about tokens.');
  }
  const type = headers['content-type'] ?? 'application/json';
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : text + decoder.decode(), { status, headers: { 'content-type': type } });
}

function membersOf(text: string): OAuthAnswer['members'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** `failure` without the secrets that were sent: servers and networks repeat what they were told. */
export function hideSecrets(
  failure: Failure,
  { clientSecret }: Pick<OAuthClient, 'clientSecret'>,
  { form }: OAuthRequest,
): Failure {
  const secrets = [clientSecret, ...Object.values(form)].filter((each) => each instanceof Secret);
  const hide = (text: string): string => secrets.reduce((hidden, each) => each.hideIn(hidden), text);
  const { detail } = failure;
  return { ...failure, message: hide(failure.message), ...(detail !== undefined && { detail: hide(detail) }) };
}
