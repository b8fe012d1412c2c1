import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import { schemeFor, signsRequests } from '@patchbay/llm/credentials/credential';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
import { isCallId } from '@patchbay/llm/wire/openai-chat/call-id';

import type { AttemptPlan, Prepared } from './attempt-plan.ts';
import type { Call } from './call.ts';
import { asksForVectors, prepareEmbeddings } from './embeddings/prepare-embeddings.ts';
import type { ProviderRuntime } from './ports.ts';
import { prepareExpress } from './prepare-express.ts';
import { isAmazons, prepareInvoke } from './prepare-invoke.ts';
import { prepareTranslation } from './prepare-translation.ts';
import { signAttempt } from './sign-attempt.ts';

/** Makes one attempt's request: at once the caller's bytes with another model name, or in time a translation. */
export function prepareAttempt(plan: AttemptPlan): Result<Prepared> | Promise<Result<Prepared>> {
  const { runtime, call, credential } = plan;
  const prepared = asksForVectors(call) ? prepareEmbeddings(plan) : prepareChat(plan);
  const scheme = schemeFor(runtime.record.auth, credential);
  return scheme !== undefined && signsRequests(scheme) ? signAttempt(plan, scheme, prepared) : prepared;
}

function prepareChat(plan: AttemptPlan): Result<Prepared> | Promise<Result<Prepared>> {
  const { runtime, call } = plan;
  const speaks = plan.formats.choose(runtime, plan.model, call.clientFormat);
  if (speaks === undefined) return failed(withoutChats(runtime));
  const isOwn = speaks.format === call.clientFormat && !isEnveloped(speaks) && !refusesIds(speaks, call);
  const isExpress = isOwn && call.fitted !== true;
  if (isExpress && isAmazons(speaks)) return prepareInvoke(plan, speaks);
  return isExpress ? ok(prepareExpress(plan, speaks)) : prepareTranslation(plan, speaks);
}

/** What comes in an envelope is in nobody's own bytes. */
const isEnveloped = (speaks: Speaks): boolean => speaks.format === 'gemini' && speaks.dialect?.project !== undefined;

/** Calls that another provider made keep their ids in the caller's own bytes, which not every server takes. */
const refusesIds = (speaks: Speaks, { body }: Call): boolean =>
  speaks.format === 'openai-chat' &&
  speaks.dialect?.callIdLength !== undefined &&
  hasOtherIds(body.toString(), speaks.dialect.callIdLength);

const hasOtherIds = (body: string, length: number): boolean =>
  [...body.matchAll(/"tool_call_id"\s*:\s*"([^"]*)"/g)].some(([, id = '']) => !isCallId(id, length));

const withoutChats = ({ record: { name, serves } }: ProviderRuntime): Failure => ({
  kind: 'not-found',
  path: 'model',
  message: `${name} has no chats. It serves ${Object.keys(serves ?? {})
    .map((each) => `/v1/${each}`)
    .join(' and ')}.`,
});
