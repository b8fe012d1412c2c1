import type { AttemptEnd, AttemptFacts, CallEnd, CallFacts, CallObserver } from '../model/observer.ts';
import { redactText } from '../transport/redact-text.ts';
import { GEN_AI, GEN_AI_OPERATIONS, genAiProvider, PATCHBAY } from './gen-ai-attributes.ts';
import type { TracedSpan, Tracer } from './tracer.ts';

/** `SpanKind.CLIENT` of `@opentelemetry/api`. */
const CLIENT = 2;
/** `SpanStatusCode.ERROR` of `@opentelemetry/api`. */
const ERROR = 2;

type Attributes = Record<string, string | number | boolean | string[]>;

/**
 * Makes one span of each call, with one event for each attempt; give it to the client as `observer`. No span holds what
 * was said or a credential.
 */
export function observeSpans(tracer: Tracer): CallObserver {
  const spans = new WeakMap<CallFacts, TracedSpan>();
  return {
    callStarted(call) {
      spans.set(call, startSpan(tracer, call));
    },
    attemptEnded(call, attempt, end) {
      spans.get(call)?.addEvent('patchbay.attempt', attemptAttributes(attempt, end));
    },
    event(call, event) {
      const span = spans.get(call);
      if (event.type === 'response-start')
        span?.setAttributes({ [GEN_AI.responseId]: event.id, [GEN_AI.responseModel]: event.model });
      if (event.type === 'finish') span?.setAttributes({ [GEN_AI.finishReasons]: [event.finish.reason] });
    },
    callEnded(call, end) {
      const span = spans.get(call);
      span?.setAttributes(endAttributes(end));
      if (end.failure) span?.setStatus({ code: ERROR, message: redactText(end.failure.message) });
      span?.end();
    },
  };
}

function startSpan(tracer: Tracer, call: CallFacts): TracedSpan {
  const operation = GEN_AI_OPERATIONS[call.operation];
  const model = call.models[0] ?? '';
  return tracer.startSpan(`${operation} ${model}`, {
    kind: CLIENT,
    startTime: call.startedAtMs,
    attributes: { [GEN_AI.operation]: operation, [GEN_AI.requestModel]: model, [PATCHBAY.callId]: call.id },
  });
}

const attemptAttributes = (attempt: AttemptFacts, end: AttemptEnd): Attributes => {
  const status = end.failure?.status ?? end.status;
  return {
    [PATCHBAY.attempt]: attempt.number,
    [GEN_AI.provider]: genAiProvider(attempt.providerId),
    [GEN_AI.requestModel]: attempt.model,
    [PATCHBAY.account]: attempt.accountId,
    [PATCHBAY.outcome]: end.outcome,
    [PATCHBAY.latencyMs]: end.latencyMs,
    ...(status !== undefined && { [GEN_AI.status]: status }),
    ...(end.failure && { [GEN_AI.errorType]: end.failure.kind }),
  };
};

function endAttributes({ providerId, model, accountId, usage, ...end }: CallEnd): Attributes {
  return {
    [PATCHBAY.outcome]: end.outcome,
    [PATCHBAY.retries]: end.retries,
    ...(providerId !== undefined && { [GEN_AI.provider]: genAiProvider(providerId) }),
    ...(model !== undefined && { [GEN_AI.requestModel]: model }),
    ...(accountId !== undefined && { [PATCHBAY.account]: accountId }),
    ...(usage && {
      [GEN_AI.inputTokens]: usage.inputTokens,
      [GEN_AI.outputTokens]: usage.outputTokens,
      [GEN_AI.cacheReadTokens]: usage.cacheReadTokens,
      [GEN_AI.cacheWriteTokens]: usage.cacheWriteTokens,
    }),
    ...(end.costNanoUsd !== undefined && { [PATCHBAY.costNanoUsd]: end.costNanoUsd }),
    ...(end.firstOutputMs !== undefined && { [PATCHBAY.firstOutputMs]: end.firstOutputMs }),
    ...(end.failure && { [GEN_AI.errorType]: end.failure.kind }),
  };
}
