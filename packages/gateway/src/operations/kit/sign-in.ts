import type { AnswerOf, Asked } from '@patchbay/contract';
import type { KIT_OAUTH_OPERATIONS } from '@patchbay/contract/operations/kit-oauth';

import type { AccountRecord } from '../../storage/records.ts';
import { done, refused, type Answer, type Circumstances, type Handlers } from '../handler.ts';
import { beginSignIn } from '../oauth/begin.ts';
import { finishSignIn } from '../oauth/finish.ts';
import { endAccount, refreshAccount } from '../oauth/keep-account.ts';
import { signInStatus } from '../oauth/look-up.ts';
import { findSignIn } from '../oauth/sessions.ts';
import { missing, notSignedIn, type SignInStep } from './failures.ts';
import { kitEnveloped, type KitParts } from './parts.ts';
import { notByOAuth, presentSignIns, signedIn, subjectOf, type Subject } from './sign-in-accounts.ts';

type Steps = typeof KIT_OAUTH_OPERATIONS;

/** Does a step, under whichever of its methods it was asked for. */
type Does<Id extends keyof Steps> = (
  asked: Asked<Steps[Id]>,
  circumstances: Circumstances,
) => Promise<Answer<AnswerOf<Steps[Id]>>>;

/** Another door to signing accounts in: the steps are those of the accounts interface. */
export function signInHandlers(parts: KitParts): Handlers<keyof Steps> {
  const [begin, finish, revoke] = [initiate(parts), callback(parts), giveUp(parts)];
  return {
    'kit.oauthAccounts': listed(parts),
    'kit.oauthStatus': status(parts),
    'kit.oauthOpen': begin,
    'kit.oauthInitiate': begin,
    'kit.oauthCallback': finish,
    'kit.oauthFinish': finish,
    'kit.oauthRefresh': refresh(parts),
    'kit.oauthRevoke': revoke,
    'kit.oauthRemove': revoke,
  };
}

const listed =
  (parts: KitParts): Does<'kit.oauthAccounts'> =>
  async (_, circumstances) => {
    const { signIns, clock } = parts;
    const byProvider = Map.groupBy(await signedIn(signIns, undefined, circumstances), ({ providerId }) => providerId);
    const ready = signIns.clients.all().filter(({ missing: unset }) => unset.length === 0);
    const names = new Set([...ready.map(({ providerId }) => providerId), ...byProvider.keys()]);
    const accounts = [...names].sort().map((name) => presentSignIns(name, byProvider.get(name) ?? [], clock.nowMs()));
    return done(kitEnveloped(parts, circumstances, { accounts, count: accounts.length }));
  };

const status =
  (parts: KitParts): Does<'kit.oauthStatus'> =>
  async ({ params, query: { state } }, circumstances) => {
    const { signIns, clock } = parts;
    const subject = subjectOf(signIns, params.provider);
    if ('failure' in subject) return refused(subject.failure);
    const asked = { params: { state: state ?? '' }, query: undefined, body: undefined };
    const looked = state === undefined ? undefined : await signInStatus(signIns)(asked, circumstances);
    if (looked?.ok === false) return looked;
    const rows = await signedIn(signIns, subject.provider, circumstances);
    if (rows.length === 0 && subject.setting === undefined) return refused(notByOAuth(signIns, subject.provider));
    const shown = presentSignIns(subject.provider, rows, clock.nowMs());
    return done(kitEnveloped(parts, circumstances, { ...shown, ...(looked && { sign_in: looked.value }) }));
  };

const initiate =
  (parts: KitParts): Does<'kit.oauthInitiate'> =>
  async ({ params, query }, circumstances) => {
    const { signIns } = parts;
    const subject = subjectOf(signIns, params.provider);
    if ('failure' in subject) return refused(subject.failure);
    const { provider, setting } = subject;
    if (setting === undefined) return refused(notByOAuth(signIns, provider));
    const { scopes: asked = '', response, flow_type: flow = 'auto', ...rest } = query;
    const scopes = asked.split(/[\s,]+/).filter((each) => each !== '');
    const body = {
      ...rest,
      provider: setting.definition.id,
      flow_type: flow,
      ...(scopes.length > 0 && { scopes }),
    };
    const begun = await beginSignIn(signIns)({ params: undefined, query: undefined, body }, circumstances);
    if (!begun.ok) return refused(notSignedIn('OAUTH_INITIATE_FAILED', provider, begun.failure));
    const { flow_type: _, ...started } = begun.value;
    const answer = done(kitEnveloped(parts, circumstances, { provider, ...started }));
    // A code that must be typed in elsewhere would be lost on a browser that is sent away.
    if (response === 'json' || started.user_code !== undefined) return answer;
    return { ...answer, status: 302, headers: { location: started.auth_url } };
  };

const callback =
  (parts: KitParts): Does<'kit.oauthCallback'> =>
  async ({ params, query }, circumstances) => {
    const { signIns, clock } = parts;
    const subject = subjectOf(signIns, params.provider);
    if ('failure' in subject) return refused(subject.failure);
    const { provider, setting } = subject;
    if (setting === undefined) return refused(notByOAuth(signIns, provider));
    const parameters = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    const lacking = ['state', 'code'].find((name) => !parameters.get(name));
    if (lacking !== undefined && !parameters.has('error'))
      return refused(
        missing(lacking, `The address lacks \`${lacking}\`. Open the address of \`initiate\` in a browser.`),
      );
    const begun = await findSignIn(signIns, parameters.get('state') ?? '');
    // What one provider sends must not end a sign-in at another.
    if (begun !== undefined && begun.row.providerId !== setting.definition.id)
      return refused(notSignedIn('OAUTH_CALLBACK_FAILED', provider, ELSEWHERE));
    // The browser shows no credential here; what it has is the state, which works once.
    const ended = await finishSignIn(signIns, parameters, { ...circumstances, principal: undefined });
    if (!ended.ok) return refused(notSignedIn('OAUTH_CALLBACK_FAILED', provider, ended.failure));
    const row = await signIns.rows.accounts.get(ended.value.id);
    const shown = presentSignIns(provider, row === undefined ? [] : [row], clock.nowMs());
    return { ...ended, value: kitEnveloped(parts, circumstances, shown) };
  };

const ELSEWHERE = {
  code: 'VALIDATION_ERROR',
  field: 'state',
  message: 'This sign-in began at another provider. Begin again.',
} as const;

const refresh =
  (parts: KitParts): Does<'kit.oauthRefresh'> =>
  async ({ params, query }, circumstances) => {
    const { signIns, clock } = parts;
    const chosen = await accountOf(parts, 'REFRESH_FAILED', { ...params, ...query }, circumstances);
    if (!chosen.ok) return chosen;
    const { provider, id } = chosen.value;
    const asked = { params: undefined, query: undefined, body: { account_id: id } };
    const renewed = await refreshAccount(signIns)(asked, circumstances);
    if (!renewed.ok) return refused(notSignedIn('REFRESH_FAILED', provider, renewed.failure));
    const row = await signIns.rows.accounts.get(id);
    const shown = presentSignIns(provider, row === undefined ? [] : [row], clock.nowMs());
    return { ...renewed, value: kitEnveloped(parts, circumstances, shown) };
  };

const giveUp =
  (parts: KitParts): Does<'kit.oauthRevoke'> =>
  async ({ params, query }, circumstances) => {
    const chosen = await accountOf(parts, 'REVOKE_FAILED', { ...params, ...query }, circumstances);
    if (!chosen.ok) return chosen;
    const { provider, id } = chosen.value;
    const ended = await endAccount(parts.signIns, id, circumstances);
    if (!ended.ok) return refused(notSignedIn('REVOKE_FAILED', provider, ended.failure));
    const { wasTold: revoked, message } = ended.value;
    const data = { provider, account_id: id, authenticated: false as const, revoked, message };
    return { ...ended, value: kitEnveloped(parts, circumstances, data) };
  };

interface Which {
  readonly provider: string;
  readonly account_id?: string | undefined;
}

/** The account that is meant: the one that is named, or the only one that there is. */
async function accountOf(
  { signIns }: KitParts,
  step: SignInStep,
  { provider: name, account_id: wanted }: Which,
  circumstances: Circumstances,
): Promise<Answer<{ readonly provider: string; readonly id: string }>> {
  const subject = subjectOf(signIns, name);
  if ('failure' in subject) return refused(subject.failure);
  const rows = await signedIn(signIns, subject.provider, circumstances);
  const found = wanted === undefined ? rows : rows.filter(({ id }) => id === wanted);
  const [only] = found;
  if (only === undefined) return refused(noAccount(subject, step, { wanted, signIns }));
  if (found.length > 1) return refused(several(subject.provider, found));
  return done({ provider: subject.provider, id: only.id });
}

function noAccount(
  { provider, setting }: Subject,
  step: SignInStep,
  { wanted, signIns }: Pick<KitParts, 'signIns'> & { readonly wanted: string | undefined },
) {
  if (wanted !== undefined)
    return { code: 'NOT_FOUND', message: `No account of ${provider} with this id is signed in.` } as const;
  if (setting === undefined) return notByOAuth(signIns, provider);
  const message = `Nobody is signed in to ${provider}. Begin at /api/oauth/${provider}/initiate.`;
  return notSignedIn(step, provider, { code: 'VALIDATION_ERROR', message });
}

const several = (provider: string, rows: readonly AccountRecord[]) =>
  missing(
    'account_id',
    `Several accounts are signed in to ${provider}: say which by account_id, one of ${rows.map(({ id }) => id).join(', ')}.`,
  );
