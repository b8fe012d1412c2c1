import type { OutgoingHttpHeaders } from 'node:http';

import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Lease } from '@patchbay/llm/credentials/pool';
import type { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import { kindOfStatus } from '@patchbay/llm/wire/failure-status';
import { retryAfterMs } from '@patchbay/llm/model/retry-after';

import { noAccount } from '../../accounts/no-account.ts';
import type { TimeoutSettings } from '../../config/settings.ts';
import type { Limiter } from '../../coordination/limiter.ts';
import type { Caller } from '../../identity/ports.ts';
import type { ClientSink } from '../../relay/client-sink.ts';
import type { DeadlineWheel } from '../../relay/deadline-wheel.ts';
import { passAttempt, type PassReport } from '../../relay/pass-attempt.ts';
import { passedHeaders } from '../../relay/pass-headers.ts';
import { byteLane, isEventStream } from '../../relay/pass-lane.ts';
import type { PassUpload } from '../../relay/pass-upload.ts';
import { singleHeaders } from '../../relay/refusal-body.ts';
import { tappedUpstream } from '../../relay/tapped-upstream.ts';
import type { UpstreamHeaders } from '../../relay/upstream.ts';
import type { CallRecord } from '../../telemetry/call-record.ts';
import { hideInFailure, hideInRaw } from '../hide-credential.ts';
import { AccountGate } from '../limits/account-gate.ts';
import { askedOfPass } from '../limits/asked.ts';
import type { ProviderRuntime } from '../ports.ts';
import { reportLease } from '../report-lease.ts';
import type { Outcome } from '../stage.ts';
import { countProxied, upstreamFor } from '../upstream-for.ts';
import { refusalsOf } from '../wait-for-account.ts';
import { closeAttempt, openAttempt } from './attempt-book.ts';
import { passAddress, passedLocation } from './pass-address.ts';
import { presentAccount } from './present-account.ts';

export interface PassParts {
  readonly signer: RequestSigner;
  /** Keeps the limits of accounts. */
  readonly limiter: Limiter;
  readonly timeouts: TimeoutSettings;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
}

/** One request on its way to a provider as it is, but for its credential. */
export interface PassCall {
  readonly caller: Caller;
  readonly record: CallRecord;
  readonly client: ClientSink;
  readonly startedMs: number;
  readonly runtime: ProviderRuntime;
  readonly method: string;
  /** What follows the provider in the address, with its slash, and the query with its `?`; either may be empty. */
  readonly path: string;
  readonly query: string;
  /** Headers that may go on, without any credential. */
  readonly headers: Readonly<Record<string, string>>;
  /** The model that it is for, as the provider knows it; absent where nobody looked or could tell. */
  readonly model?: string;
  /** Id of the account to be asked, as long as it can be; absent where any will do. */
  readonly account?: string;
  /** The body on its way; absent where the request has none. */
  readonly upload: PassUpload | undefined;
}

/** Makes the function that sends a request to a provider once, with an account of ours, and passes what it answers. */
export function runPass(parts: PassParts): (call: PassCall) => Promise<Outcome> {
  return async (call) => {
    const { runtime } = call;
    const address = passAddress(runtime.baseUrl, call.path);
    if (!address.ok) return { kind: 'failed', failure: address.failure };
    const gate = new AccountGate(parts, () => askedOfPass(call));
    const { model } = call;
    const choice = model === undefined ? {} : { model };
    const wanted = { exclude: undefined, prefer: call.account, choice, model: model ?? UNREAD };
    const taken = await gate.take(runtime.pool, wanted);
    if (taken === undefined) return unserved(call, gate, parts.clock);
    const { attempts } = call.record;
    try {
      return await passWith(parts, call, taken.lease, address.value + call.query);
    } finally {
      const [made] = attempts;
      await gate.settle(taken, made?.usage, made?.state === 'success');
    }
  };
}

/** Such a request need not be for a model, and its row names none. */
const UNREAD = '';

function unserved({ runtime: { record, pool }, model }: PassCall, gate: AccountGate, clock: Clock): Outcome {
  const inVain = { providerId: record.id, pool, ...(model !== undefined && { model }) };
  const [failure = noAccount(inVain, clock)] = refusalsOf(inVain, gate.passedOver(pool), clock);
  return { kind: 'failed', failure };
}

async function passWith(parts: PassParts, call: PassCall, lease: Lease, url: string): Promise<Outcome> {
  const { runtime, method, headers, upload } = call;
  const request = { method, url, headers: { ...runtime.record.headers, ...headers } };
  const { credential } = lease;
  const isBodyComing = upload !== undefined;
  const presented = await presentAccount({ signer: parts.signer, runtime, credential, request, isBodyComing });
  if (!presented.ok) {
    lease.abandon();
    return { kind: 'failed', failure: presented.failure };
  }
  const attempt = openAttempt(call.record, { providerId: runtime.record.id, model: UNREAD }, lease, parts.clock);
  const { headers: signature, secrets, forget } = presented.value;
  const upstream = tappedUpstream(upstreamFor(runtime, lease), call.record, () => secrets);
  const through = { ...call, runtime: { ...runtime, upstream } };
  const report = await pass(parts, through, { ...request, headers: { ...request.headers, ...signature } });
  if (report.failure?.status === 401) forget?.();
  closeAttempt(attempt, report, { clock: parts.clock, secrets });
  countProxied(runtime, lease, report.usage);
  // Callers may ask for anything, so that only what is true of every request says something about the account.
  if (report.failure?.kind === 'rate-limit') reportLease(lease, report.failure);
  else lease.abandon();
  return outcomeOf(call, report, secrets);
}

function pass(
  { timeouts, wheel }: PassParts,
  { runtime, record, client, startedMs, upload }: PassCall,
  request: UpstreamRequest,
): Promise<PassReport> {
  return passAttempt({
    upstream: runtime.upstream,
    request,
    ...(upload !== undefined && { upload }),
    client,
    wheel,
    timeouts,
    totalAtMs: timeouts.totalMs > 0 ? startedMs + timeouts.totalMs : 0,
    refusesFrom: 400,
    refusal: refusalOf,
    lane: byteLane,
    headers: (upstream) => {
      record.stream = isEventStream(upstream);
      return answerHeaders(upstream, request.url, runtime);
    },
  });
}

function refusalOf(status: number, _: Buffer, headers: UpstreamHeaders): Failure {
  const single = singleHeaders(headers);
  const waitMs = retryAfterMs(single);
  return {
    kind: kindOfStatus(status),
    status,
    message: `The provider answered with status ${status}.`,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  };
}

function answerHeaders(
  upstream: UpstreamHeaders,
  url: string,
  { baseUrl, record }: ProviderRuntime,
): OutgoingHttpHeaders {
  const { location, ...rest } = passedHeaders(upstream);
  const leads = typeof location === 'string' ? passedLocation(location, url, baseUrl, record.id) : undefined;
  return leads === undefined ? rest : { ...rest, location: leads };
}

/** A refusal goes on in the provider's words, once they are known not to hold the account's key. */
function outcomeOf(call: PassCall, { committed, failure, raw }: PassReport, secrets: readonly Secret[]): Outcome {
  if (raw !== undefined) {
    const { status, headers, body } = hideInRaw(secrets, raw);
    const length = call.method === 'HEAD' ? {} : { 'content-length': body.length };
    call.client.start(status, { ...passedHeaders(headers), ...length });
    call.client.end(body);
    return { kind: 'answered' };
  }
  if (committed || failure === undefined) return { kind: 'answered' };
  return { kind: 'failed', failure: hideInFailure(secrets, failure) };
}
