import type { Account } from '@patchbay/contract/resources/account';
import { exchangeCode, readCallback } from '@patchbay/llm/credentials/oauth/authorization-code';
import type { OAuthClient } from '@patchbay/llm/credentials/oauth/definition';
import type { Tokens } from '@patchbay/llm/credentials/oauth/tokens';
import type { Result } from '@patchbay/llm/model/failure';

import type { OAuthSetting } from '../../config/oauth-settings.ts';
import type { Principal } from '../../identity/principal.ts';
import { refused, type Answer, type Circumstances } from '../handler.ts';
import { addSignedIn } from './add-account.ts';
import { failureOf, STATE_UNKNOWN } from './failures.ts';
import type { OAuthHandlers, OAuthParts } from './parts.ts';
import { endSignIn, findSignIn, takeSignIn, type KeptSignIn } from './sessions.ts';
import { wayOfSignIn } from './way-of-sign-in.ts';

/** Ends a sign-in with what a person copied out of the browser. */
export const exchange =
  (parts: OAuthParts): OAuthHandlers['oauth.exchange'] =>
  async ({ body }, circumstances) => {
    const url = URL.parse(body.callback_url ?? '');
    const parameters = url?.searchParams ?? new URLSearchParams();
    if (body.code !== undefined) parameters.set('code', body.code);
    if (body.state !== undefined) parameters.set('state', body.state);
    const ended = await finishSignIn(parts, parameters, circumstances);
    return ended.ok ? { ...ended, value: { success: true, account: ended.value } } : ended;
  };

/**
 * Ends the sign-in that the parameters' state names, once. Who is signed in here must be who began it; a browser that
 * comes back shows nobody, and has the state alone.
 */
export async function finishSignIn(
  parts: OAuthParts,
  parameters: URLSearchParams,
  circumstances: Circumstances,
): Promise<Answer<Account>> {
  const state = parameters.get('state') ?? '';
  const found = await findSignIn(parts, state);
  if (found === undefined || !mayEnd(found, circumstances.principal) || found.data.device !== undefined)
    return refused(STATE_UNKNOWN);
  const taken = await takeSignIn(parts, found, state);
  if (taken === undefined) return refused(STATE_UNKNOWN);
  return endWith(parts, taken, circumstances, (setting, client) =>
    tokensOf(parts, { setting, client, taken, parameters, state }, circumstances.signal),
  );
}

const mayEnd = ({ row }: KeptSignIn, principal: Principal | undefined): boolean =>
  principal === undefined || principal.role === 'admin' || row.createdBy === principal.id;

/** Gets the tokens of a sign-in that was taken, adds the account, and writes down how it ended. */
export async function endWith(
  parts: OAuthParts,
  taken: KeptSignIn,
  circumstances: Circumstances,
  getTokens: (setting: OAuthSetting, client: OAuthClient) => Promise<Result<Tokens>>,
): Promise<Answer<Account>> {
  const setting = parts.clients.all().find(({ definition }) => definition.id === taken.row.providerId);
  if (setting === undefined) return refused(STATE_UNKNOWN);
  const client = await parts.clients.clientOf(setting, wayOfSignIn(parts, setting, taken.data));
  const tokens = client.ok ? await getTokens(setting, client.value) : client;
  if (!client.ok || !tokens.ok) {
    const { failure } = tokens.ok ? (client as Extract<typeof client, { ok: false }>) : tokens;
    await endSignIn(parts, taken, { error: failure.message });
    return refused(failureOf(failure));
  }
  const { data } = taken;
  const added = await addSignedIn(parts, { setting, client: client.value, data, tokens: tokens.value }, circumstances);
  await endSignIn(parts, taken, added.ok ? { accountId: added.value.id } : { error: added.failure.message });
  return added;
}

interface Exchanging {
  readonly setting: OAuthSetting;
  readonly client: OAuthClient;
  readonly taken: KeptSignIn;
  readonly parameters: URLSearchParams;
  readonly state: string;
}

async function tokensOf(
  parts: OAuthParts,
  { setting, client, taken, parameters, state }: Exchanging,
  signal: AbortSignal,
): Promise<Result<Tokens>> {
  const { redirectUri, verifier } = taken.data;
  const signIn = { definition: setting.definition, client, redirectUri, state };
  const code = readCallback(parameters, signIn);
  if (!code.ok) return code;
  return exchangeCode(wayOfSignIn(parts, setting, taken.data), signIn, { code: code.value, verifier }, signal);
}
