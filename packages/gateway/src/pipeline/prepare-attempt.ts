import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Speaks } from '@patchbay/llm/providers/define-provider';

import type { AttemptPlan, Prepared } from './attempt-plan.ts';
import type { Call } from './call.ts';
import type { ProviderRuntime } from './ports.ts';
import { prepareExpress } from './prepare-express.ts';
import { prepareTranslation } from './prepare-translation.ts';

/** The wire format to use towards a provider: the caller's own where it is spoken, else its first, if it has chats. */
export const chooseSpeech = (runtime: ProviderRuntime, call: Call): Speaks | undefined =>
  runtime.record.speaks.find(({ format }) => format === call.clientFormat) ?? runtime.record.speaks[0];

/** Makes one attempt's request: at once the caller's bytes with another model name, or in time a translation. */
export function prepareAttempt(plan: AttemptPlan): Result<Prepared> | Promise<Result<Prepared>> {
  const speaks = chooseSpeech(plan.runtime, plan.call);
  if (speaks === undefined) return failed(withoutChats(plan.runtime));
  return speaks.format === plan.call.clientFormat ? ok(prepareExpress(plan, speaks)) : prepareTranslation(plan, speaks);
}

const withoutChats = ({ record: { name, serves } }: ProviderRuntime): Failure => ({
  kind: 'not-found',
  path: 'model',
  message: `${name} has no chats. It serves ${Object.keys(serves ?? {})
    .map((each) => `/v1/${each}`)
    .join(' and ')}.`,
});
