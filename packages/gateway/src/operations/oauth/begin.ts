import { authorizationUrl } from '@patchbay/llm/credentials/oauth/authorization-code';
import { startDeviceSignIn } from '@patchbay/llm/credentials/oauth/device-code';
import type { OAuthClient } from '@patchbay/llm/credentials/oauth/definition';
import { newPkce } from '@patchbay/llm/credentials/oauth/pkce';
import { newState } from '@patchbay/llm/credentials/oauth/state';
import type { AnswerOf, Asked, OperationFailure } from '@patchbay/contract';
import type { OAUTH_OPERATIONS } from '@patchbay/contract/operations/oauth';

import type { OAuthSetting } from '../../config/oauth-settings.ts';
import type { Principal } from '../../identity/principal.ts';
import { providerNotFound, wrong } from '../accounts/failures.ts';
import { done, refused, type Answer } from '../handler.ts';
import { failureOf } from './failures.ts';
import type { OAuthHandlers, OAuthParts } from './parts.ts';
import { keepSignIn, type SignInData } from './sessions.ts';
import { timestamp } from '../timestamp.ts';
import { proxyToBe, wayOfSignIn } from './way-of-sign-in.ts';

type Started = Answer<AnswerOf<(typeof OAUTH_OPERATIONS)['oauth.init']>>;
type Init = Asked<(typeof OAUTH_OPERATIONS)['oauth.init']>['body'];

interface Beginning {
  readonly body: Init;
  readonly setting: OAuthSetting;
  readonly client: OAuthClient;
  readonly kept: Omit<SignInData, 'verifier' | 'redirectUri'>;
}

/** Begins to sign an account in: an address for the browser, or a code for another device. */
export const beginSignIn =
  (parts: OAuthParts): OAuthHandlers['oauth.init'] =>
  async ({ body }, { principal, signal }) => {
    const setting = settingOf(parts, body.provider);
    if (setting === undefined) return refused(providerNotFound(body.provider));
    const problem = problemOf(setting, body);
    if (problem !== undefined) return refused(problem);
    const proxy = await proxyToBe(parts, body.proxy_id);
    if ('failure' in proxy) return refused(proxy.failure);
    const client = await parts.clients.clientOf(setting, wayOfSignIn(parts, setting, proxy));
    if (!client.ok) return refused(failureOf(client.failure));
    const beginning = { body, setting, client: client.value, kept: { ...keptOf(body, principal), ...proxy } };
    return isDevice(setting, body) ? beginDevice(parts, beginning, signal) : beginBrowser(parts, beginning);
  };

/** By its own name, or by the provider that its accounts belong to. */
export const settingOf = ({ clients }: Pick<OAuthParts, 'clients'>, name: string): OAuthSetting | undefined =>
  clients.all().find(({ definition }) => definition.id === name) ??
  clients.all().find(({ providerId }) => providerId === name);

function problemOf(setting: OAuthSetting, body: Init): OperationFailure | undefined {
  const { definition, missing } = setting;
  if (missing.length > 0)
    return wrong('provider', `Accounts of ${definition.name} cannot be signed in yet. Set ${missing.join(' and ')}.`);
  if (definition.needsProject === true && (body.project_id ?? '') === '')
    return wrong('project_id', `Accounts of ${definition.name} work for a project: project_id is required.`);
  if (body.flow_type === 'device' && !definition.flows.includes('device_code'))
    return wrong('flow_type', `${definition.name} gives out no device codes. Use \`auto\` or \`manual\`.`);
  return body.redirect_uri === undefined || isAddress(body.redirect_uri)
    ? undefined
    : wrong('redirect_uri', 'This must be an https address, or one of this machine, without user and fragment.');
}

const isDevice = ({ definition }: OAuthSetting, { flow_type }: Init): boolean =>
  flow_type === 'device' || !definition.flows.includes('authorization_code');

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.hash !== '') return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
  );
}

function keptOf(body: Init, principal: Principal | undefined): Beginning['kept'] {
  const { kind, id, name, role } = principal ?? {};
  const by = kind && id !== undefined && name !== undefined && role ? { by: { kind, id, name, role } } : {};
  return {
    ...(body.project_id !== undefined && { projectId: body.project_id }),
    ...(body.label !== undefined && { label: body.label }),
    ...by,
  };
}

async function beginBrowser(parts: OAuthParts, { body, setting, client, kept }: Beginning): Promise<Started> {
  const { definition } = setting;
  const { scopes = setting.scopes } = body;
  if (client.endpoints.authorizeUrl === undefined)
    return refused(wrong('provider', `${definition.name} has no page to sign in at. Use the flow_type \`device\`.`));
  const state = newState();
  const { verifier, challenge } = await newPkce();
  const redirectUri = body.redirect_uri ?? parts.redirectUrl;
  const expiresAtMs = await keepSignIn(parts, {
    state,
    providerId: definition.id,
    data: { ...kept, redirectUri, verifier },
  });
  return done({
    auth_url: authorizationUrl({ definition, client, redirectUri, state, scopes }, challenge),
    state,
    flow_type: body.flow_type,
    expires_at: timestamp(expiresAtMs),
  });
}

async function beginDevice(
  parts: OAuthParts,
  { body, setting, client, kept }: Beginning,
  signal: AbortSignal,
): Promise<Started> {
  const { definition } = setting;
  const { scopes = setting.scopes } = body;
  const started = await startDeviceSignIn(wayOfSignIn(parts, setting, kept), client, scopes, signal);
  if (!started.ok) return refused(failureOf(started.failure));
  const { deviceCode, verifier, userCode, verificationUrl, expiresAtMs, intervalMs } = started.value;
  const state = newState();
  const device = { code: deviceCode, intervalMs, askAgainAtMs: parts.clock.nowMs() + intervalMs };
  const data = { ...kept, redirectUri: '', verifier, device };
  await keepSignIn(parts, { state, providerId: definition.id, data, endsAtMs: expiresAtMs });
  return done({
    auth_url: verificationUrl,
    state,
    flow_type: 'device',
    expires_at: timestamp(expiresAtMs),
    user_code: userCode,
    interval: Math.ceil(intervalMs / 1000),
  });
}
