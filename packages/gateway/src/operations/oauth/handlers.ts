import { done } from '../handler.ts';
import { beginSignIn } from './begin.ts';
import { callbackPage, callbackPolicy, type CallbackMessage } from './callback-page.ts';
import { exchange, finishSignIn } from './finish.ts';
import { refreshAccount, revokeAccount } from './keep-account.ts';
import { signInStatus } from './look-up.ts';
import type { OAuthHandlers, OAuthParts } from './parts.ts';

/** Signing upstream accounts in by OAuth, and keeping them so. */
export function oauthHandlers(parts: OAuthParts): OAuthHandlers {
  return {
    'oauth.providers': () =>
      Promise.resolve(
        done({
          providers: parts.clients.all().map(({ definition: { id, name, flows }, missing }) => ({
            id,
            name,
            flows: [...flows],
            configured: missing.length === 0,
            missing: [...missing],
          })),
        }),
      ),
    'oauth.init': beginSignIn(parts),
    'oauth.callback': async ({ query }, circumstances) => {
      const parameters = new URLSearchParams(
        Object.entries(query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
      );
      // The browser shows no credential here; what it has is the state, which works once.
      const ended = await finishSignIn(parts, parameters, { ...circumstances, principal: undefined });
      const message: CallbackMessage = ended.ok
        ? { type: 'oauth_success', account_id: ended.value.id, provider: ended.value.provider_id }
        : { type: 'oauth_error', error: ended.failure.message };
      return {
        ...done(callbackPage(message, parts.openerOrigins)),
        policy: callbackPolicy(),
        ...(ended.ok ? pick(ended) : { status: 400 }),
      };
    },
    'oauth.exchange': exchange(parts),
    'oauth.status': signInStatus(parts),
    'oauth.refresh': refreshAccount(parts),
    'oauth.revoke': revokeAccount(parts),
  };
}

const pick = <Changes>({ changes }: { readonly changes?: Changes }): { readonly changes?: Changes } =>
  changes === undefined ? {} : { changes };
