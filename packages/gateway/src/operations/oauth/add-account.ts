import type { Account } from '@patchbay/contract/resources/account';
import type { OAuthClient } from '@patchbay/llm/credentials/oauth/definition';
import type { Tokens } from '@patchbay/llm/credentials/oauth/tokens';

import type { OAuthSetting } from '../../config/oauth-settings.ts';
import { createAccount } from '../accounts/write-account.ts';
import type { Answer, Circumstances } from '../handler.ts';
import type { OAuthParts } from './parts.ts';
import type { SignInData } from './sessions.ts';
import { timestamp } from '../timestamp.ts';

/** What a sign-in ended with. */
export interface SignedIn {
  readonly setting: OAuthSetting;
  readonly client: OAuthClient;
  readonly data: SignInData;
  readonly tokens: Tokens;
}

/** Adds the account that a sign-in ended with, in the name of who began it. Our client's secret does not go into it. */
export async function addSignedIn(
  parts: OAuthParts,
  { setting, client, data, tokens }: SignedIn,
  circumstances: Circumstances,
): Promise<Answer<Account>> {
  const { definition, providerId } = setting;
  const { identity, scope } = tokens;
  const project = data.projectId === undefined ? {} : { project_id: data.projectId };
  const principal = data.by && { ...data.by, permissions: new Set<never>() };
  const body = {
    provider_id: providerId,
    label: data.label ?? identity?.email ?? identity?.name ?? '',
    auth_data: { ...(definition.buysKey ? { api_key: tokens.accessToken } : tokenMembers(tokens, client)), ...project },
    metadata: {
      oauth: definition.id,
      ...project,
      ...(identity?.email !== undefined && { email: identity.email }),
      ...(scope !== undefined && { scope }),
    },
    is_active: true,
    ...(data.proxyId !== undefined && { proxy_id: data.proxyId }),
  };
  return createAccount(parts)({ body, params: undefined, query: undefined }, { ...circumstances, principal });
}

function tokenMembers(tokens: Tokens, { endpoints, clientId }: OAuthClient) {
  const { accessToken, refreshToken, expiresAtMs, livesMs, tokenType } = tokens;
  return {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(expiresAtMs !== undefined && { expires_at: timestamp(expiresAtMs) }),
    ...(livesMs !== undefined && { expires_in: Math.round(livesMs / 1000) }),
    token_type: tokenType,
    token_url: endpoints.tokenUrl,
    client_id: clientId,
  };
}
