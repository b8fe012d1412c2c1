import type { GenerationRequest } from '../../model/request.ts';
import { hoistMedia } from '../../tools/hoist-media.ts';
import { placeSystem } from '../../tools/place-system.ts';
import { repairConversation, type ChangedConversation } from '../../tools/repair-conversation.ts';
import type { Loss } from '../../wire/codec.ts';
import { fitReasoning } from './fit-reasoning.ts';
import { fitSampling } from './fit-sampling.ts';
import { fitToolSchemas } from './fit-schemas.ts';
import { knownTarget, type FitTarget, type KnownTarget } from './fit-target.ts';
import { fitOutput } from './structured-output.ts';

/** A request as its target takes it. */
export interface FittedRequest {
  /** The same object where nothing had to change. */
  readonly request: GenerationRequest;
  readonly losses: readonly Loss[];
  /** The answer comes as the call of a tool that the caller never asked for: read it with `withAnswerTool`. */
  readonly answersByTool: boolean;
}

/** One step: the request it is given, or another one and what that lost. */
export interface Step {
  readonly request: GenerationRequest;
  readonly losses: readonly Loss[];
}

/**
 * Fits a request of any dialect to one target, before it is encoded: the answer's shape, media in results, instructions
 * in the middle, calls and results that do not fit together, schemas, thinking, and settings that the model refuses.
 * Every change is a loss. Deterministic, and what one message becomes never depends on those that a client adds later,
 * so that prompt caches keep hitting.
 */
export function fitRequest(request: GenerationRequest, fitTarget: FitTarget): FittedRequest {
  const target = knownTarget(fitTarget);
  const shaped = fitOutput(request, target);
  const steps = [fitConversation, fitToolSchemas, fitReasoning, fitSampling];
  const losses: Loss[] = [...shaped.losses];
  let fitted = shaped.request;
  for (const step of steps) {
    const made = step(fitted, target);
    fitted = made.request;
    losses.push(...made.losses);
  }
  return { request: fitted, losses, answersByTool: shaped.answersByTool };
}

/** The conversation first loses what has no place where it stands, and is then put in order. */
function fitConversation(request: GenerationRequest, { rules }: KnownTarget): Step {
  const losses: Loss[] = [];
  let { messages } = request;
  const take = (changed: ChangedConversation): void => {
    messages = changed.messages;
    losses.push(...changed.losses);
  };
  if (rules.textResults) take(hoistMedia(messages));
  // At the start they would change the very beginning of what the provider has cached.
  if (rules.leadingSystem) take(placeSystem(messages, 'user'));
  take(repairConversation(messages, rules.conversation));
  return { request: messages === request.messages ? request : { ...request, messages }, losses };
}
