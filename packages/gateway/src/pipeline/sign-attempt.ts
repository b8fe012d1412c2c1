import type { AuthScheme } from '@patchbay/llm/credentials/credential';
import { ok, type Result } from '@patchbay/llm/model/failure';

import type { AttemptPlan, Prepared } from './attempt-plan.ts';

/** A prepared attempt with the signature of its account, which covers the request as it is now. */
export async function signAttempt(
  plan: AttemptPlan,
  scheme: AuthScheme,
  preparing: Result<Prepared> | Promise<Result<Prepared>>,
): Promise<Result<Prepared>> {
  const prepared = await preparing;
  if (!prepared.ok) return prepared;
  const { request } = prepared.value;
  const signature = await whileClientWaits(plan, (signal) =>
    plan.signer.sign(scheme, plan.credential, request, signal),
  );
  if (!signature.ok) return signature;
  const { headers, secrets, forget } = signature.value;
  const signed = { ...prepared.value, request: { ...request, headers: { ...request.headers, ...headers } }, secrets };
  if (forget === undefined) return ok(signed);
  const renew = (): Promise<Result<Prepared>> => {
    forget();
    return signAttempt(plan, scheme, prepared);
  };
  return ok({ ...signed, renew });
}

/** Does work that its signal ends when the client leaves. */
export async function whileClientWaits<T>(
  { call }: Pick<AttemptPlan, 'call'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { client } = call;
  const leaving = new AbortController();
  if (client.gone) leaving.abort();
  client.watcher = { onGone: () => leaving.abort(), onReady: () => undefined };
  try {
    return await work(leaving.signal);
  } finally {
    client.watcher = undefined;
  }
}
