import type { RetoldRequest } from '@patchbay/contract/resources/explanation';
import type { FailureKind } from '@patchbay/llm/model/failure';

import type { LoggedCall } from '../../storage/repositories/call-reader.ts';
import { timestamp } from '../timestamp.ts';

/** Tells what became of a request from its rows in the log; `undefined` where there are none. */
export function retell(rows: readonly LoggedCall[]): RetoldRequest | undefined {
  const attempts = rows.toSorted((one, other) => one.startedAtMs - other.startedAtMs || one.attempt - other.attempt);
  const [first, last] = [attempts[0], attempts.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const costs = attempts.flatMap(({ costNanoUsd }) => costNanoUsd ?? []);
  const succeeded = last.failureKind === undefined && last.httpStatus < 400;
  return {
    request_id: first.requestId,
    summary: summaryOf(attempts, last, succeeded),
    succeeded,
    route: first.route,
    requested_model: first.requestedModel,
    key_id: first.keyId ?? null,
    started_at: timestamp(first.startedAtMs),
    duration_ms: last.startedAtMs - first.startedAtMs + last.durationMs,
    cost_nano_usd: costs.length === 0 ? null : costs.reduce((sum, each) => sum + each, 0),
    registry_version: last.registryVersion ?? null,
    losses: [...new Set(attempts.flatMap(({ losses }) => (losses === undefined ? [] : lossesIn(losses))))],
    attempts: attempts.map((attempt, at) => retoldAttempt(attempt, attempts[at + 1])),
    advice: adviceOn(attempts, succeeded),
  };
}

const lossesIn = (text: string): readonly string[] => JSON.parse(text) as readonly string[];

/** A call that was refused before anybody was asked has a row without a provider. */
const wasSent = ({ providerId }: LoggedCall): boolean => providerId !== undefined && providerId !== '';

function summaryOf(attempts: readonly LoggedCall[], last: LoggedCall, succeeded: boolean): string {
  const sent = attempts.filter(wasSent);
  if (sent.length === 0)
    return `Refused with ${last.httpStatus} before any provider was asked: ${last.errorMessage ?? last.failureKind ?? 'no reason was written down'}`;
  const tries = sent.length === 1 ? 'at the first try' : `after ${sent.length} attempts`;
  if (succeeded) return `Answered by ${placeOf(last)} ${tries}.`;
  if (last.failureKind === 'cancelled') return `The client left ${tries}; ${placeOf(last)} was answering.`;
  return `Failed ${tries}, last at ${placeOf(last)}: ${last.errorMessage ?? last.failureKind ?? `status ${last.httpStatus}`}`;
}

const placeOf = ({ providerId = '', accountId, model }: LoggedCall): string =>
  `${providerId}/${model ?? ''}${accountId === undefined ? '' : ` (account ${accountId})`}`;

const retoldAttempt = (call: LoggedCall, next: LoggedCall | undefined): RetoldRequest['attempts'][number] => ({
  attempt: call.attempt,
  provider_id: call.providerId ?? '',
  model: call.model ?? call.requestedModel,
  account_id: call.accountId ?? null,
  proxy_id: call.proxyId ?? null,
  state: call.state,
  status_code: call.upstreamStatus ?? null,
  started_at: timestamp(call.startedAtMs),
  duration_ms: call.durationMs,
  first_token_ms: call.firstTokenMs ?? null,
  cost_nano_usd: call.costNanoUsd ?? null,
  failure_kind: call.failureKind ?? null,
  error: call.errorMessage ?? null,
  told: toldOf(call, next),
});

function toldOf(call: LoggedCall, next: LoggedCall | undefined): string {
  if (!wasSent(call)) return 'Nobody was asked.';
  if (call.failureKind === undefined) return 'It answered.';
  const kind = call.failureKind as FailureKind;
  const why = REASONS[kind] ?? 'It failed';
  if (next === undefined) return `${why}; nobody else was left to ask, or nobody could have done better.`;
  const isSame = next.accountId === call.accountId && next.providerId === call.providerId;
  return `${why}; ${isSame ? 'the same account was asked once more' : `${placeOf(next)} was asked instead`}.`;
}

/** What a kind of failure means, as the beginning of a sentence. */
const REASONS: Readonly<Record<FailureKind, string>> = {
  'invalid-request': 'The provider refused the request as it was',
  authentication: 'The account’s credential was refused',
  permission: 'The account may not do this',
  'not-found': 'The provider does not know the model or address',
  'payload-too-large': 'The request was too large for the provider',
  'context-overflow': 'The conversation is longer than the model takes',
  'content-policy': 'The provider declined the content',
  'rate-limit': 'The account had reached a rate limit',
  'quota-exhausted': 'The account’s money or allowance had run out',
  overloaded: 'The provider was overloaded',
  upstream: 'The provider failed inside',
  protocol: 'The provider’s answer could not be understood',
  timeout: 'The provider took too long',
  network: 'The provider could not be reached',
  cancelled: 'The client left',
  internal: 'The gateway failed inside',
};

/** What to do about a kind of failure. Where the client or nobody can do anything about it, there is nothing to say. */
const ADVICE: Readonly<Partial<Record<FailureKind, (call: LoggedCall) => string>>> = {
  'invalid-request': () => 'Correct the request: the error names the member. Nothing is retried for it.',
  authentication: ({ accountId, providerId }) =>
    `Give account ${accountId ?? ''} of ${providerId ?? ''} a new credential, then reset its health.`,
  permission: ({ model, accountId }) =>
    `Let account ${accountId ?? ''} use \`${model ?? ''}\` at the provider, or take another.`,
  'not-found': ({ model, providerId }) =>
    `Check the name: \`GET /v1/models\` lists what ${providerId ?? 'the provider'} serves; \`${model ?? ''}\` may have been withdrawn.`,
  'payload-too-large': () => 'Send less in one request, or fewer and smaller images and files.',
  'context-overflow': () => 'Shorten the conversation, or take a model with a larger context.',
  'content-policy': () => 'Change the content, or take a provider with other rules.',
  'rate-limit': ({ providerId }) =>
    `Add an account for ${providerId ?? 'the provider'}, or lower the rate of requests.`,
  'quota-exhausted': ({ accountId }) => `Top up account ${accountId ?? ''} at the provider, then reset its health.`,
  overloaded: () => 'Name a second target for the model (MODEL_ALIASES), so that another provider can step in.',
  upstream: () =>
    'If it goes on, look at the provider’s status page; a second target for the model steps in meanwhile.',
  timeout: () => 'Raise the budget that was exceeded (TIMEOUT_…_MS), or take a faster model.',
  network: ({ providerId, proxyId }) =>
    proxyId === undefined
      ? `Run \`patchbay doctor\`: it tries the way to ${providerId ?? 'the provider'} step by step.`
      : `Look at egress proxy ${proxyId}: \`patchbay doctor\` tries it.`,
  internal: () => 'Send the support bundle with this request id.',
};

function adviceOn(attempts: readonly LoggedCall[], succeeded: boolean): string[] {
  // What another attempt made good is still worth mending where it is the account's fault.
  const worth = succeeded ? ['authentication', 'quota-exhausted', 'permission'] : undefined;
  const said = attempts.flatMap((call) => {
    const { failureKind } = call;
    if (failureKind === undefined || worth?.includes(failureKind) === false || !wasSent(call)) return [];
    return ADVICE[failureKind as FailureKind]?.(call) ?? [];
  });
  return [...new Set(said)];
}
