import type { Failure } from '@patchbay/llm/model/failure';

import type { AnswerSink } from '../relay/client-sink.ts';
import type { RawAnswer } from '../relay/relay-attempt.ts';
import type { Call } from './call.ts';

/**
 * How a call left the stages. `answered`: the client has its answer, with `fromCache` from no provider. `body`: a small whole answer for the face to
 * send. `failed`: nothing has been sent; `raw` is the upstream's own refusal when the caller speaks its format, `limits`
 * what another one said of its rate limits, as headers of the caller's dialect.
 * `detached`: the call runs on by itself; `answer` tells the client so, `ended` is how it left in the end.
 */
export type Outcome =
  | { readonly kind: 'answered'; readonly fromCache?: true }
  | { readonly kind: 'body'; readonly body: unknown }
  | {
      readonly kind: 'detached';
      readonly answer: (client: AnswerSink) => void;
      readonly ended: Promise<Outcome>;
    }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly raw?: RawAnswer;
      readonly limits?: Readonly<Record<string, string>>;
    };

/** One step of the pipeline: look at the call, perhaps answer it, else pass it on. */
export type Stage = (call: Call, next: (call: Call) => Promise<Outcome>) => Promise<Outcome>;

/** Makes one function of many stages, in order. */
export const compose = (stages: readonly Stage[]): ((call: Call) => Promise<Outcome>) =>
  stages.reduceRight<(call: Call) => Promise<Outcome>>(
    (next, stage) => (call) => stage(call, next),
    () => Promise.resolve({ kind: 'failed', failure: { kind: 'internal', message: 'No stage answered the call.' } }),
  );
