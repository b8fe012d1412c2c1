import type { OperationFailure } from '@patchbay/contract';
import type { OAuthWay } from '@patchbay/llm/credentials/oauth/token-endpoint';

import type { OAuthSetting } from '../../config/oauth-settings.ts';
import { assignProxy } from '../../egress/assign-proxy.ts';
import { wrong } from '../accounts/failures.ts';
import type { OAuthParts } from './parts.ts';
import type { SignInData } from './sessions.ts';

type ToBe = Pick<SignInData, 'proxyId'>;

/**
 * The proxy that the account of a sign-in will have: the one asked for, none for `null`, else the one that a new account
 * would be given now. It is chosen when a sign-in begins, because a provider should see one address from then on.
 */
export async function proxyToBe(
  { rows }: Pick<OAuthParts, 'rows'>,
  asked: number | null | undefined,
): Promise<ToBe | { readonly failure: OperationFailure }> {
  if (asked === null) return { proxyId: null };
  if (asked === undefined) {
    const chosen = assignProxy(await rows.proxies.all());
    return chosen === undefined ? {} : { proxyId: Number(chosen.id) };
  }
  const proxy = await rows.proxies.get(String(asked));
  return proxy === undefined
    ? { failure: wrong('proxy_id', `There is no proxy with the id ${asked}. Take one of GET /api/v1/proxies.`) }
    : { proxyId: asked };
}

/** The way of a sign-in to its authorization server: through the proxy that the account will have. */
export const wayOfSignIn = (
  { wayThrough }: Pick<OAuthParts, 'wayThrough'>,
  { providerId }: Pick<OAuthSetting, 'providerId'>,
  { proxyId }: ToBe,
): OAuthWay => wayThrough({ providerId, ...(typeof proxyId === 'number' && { proxyId }) });
