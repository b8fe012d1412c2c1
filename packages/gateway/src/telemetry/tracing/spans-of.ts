import { GEN_AI, genAiProvider, PATCHBAY } from '@patchbay/llm/observe/gen-ai-attributes';

import type { AttemptRecord, CallRecord, CallState } from '../call-record.ts';
import { readTraceparent } from './traceparent.ts';

/** A value that a span can carry. */
export type AttributeValue = string | number | boolean;

/** One finished span. Times in milliseconds since 1970. */
export interface Span {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** Who asked: a client of ours, or we asked an upstream. */
  readonly kind: 'server' | 'client';
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly failed: boolean;
}

/** Makes an id of so many bytes, in hexadecimal. */
export type NewSpanId = (bytes: 8 | 16) => string;

/**
 * A finished call as one span, with a child for each attempt; none where its caller keeps no record of its own trace.
 * They hold no payload and no credential.
 */
export function spansOf(call: CallRecord, newId: NewSpanId): readonly Span[] {
  const parent = readTraceparent(call.traceparent);
  if (parent?.isSampled === false) return [];
  const traceId = parent?.traceId ?? newId(16);
  const spanId = newId(8);
  const operation = operationOf(call.route);
  const whole: Span = {
    traceId,
    spanId,
    parentSpanId: parent?.spanId,
    name: `POST ${call.route}`,
    kind: 'server',
    startedAtMs: call.startedAtMs,
    endedAtMs: call.startedAtMs + call.durationMs,
    attributes: present({
      'http.request.method': 'POST',
      'http.route': call.route,
      [GEN_AI.status]: call.status,
      [GEN_AI.operation]: operation,
      [GEN_AI.requestModel]: call.requestedModel === '' ? undefined : call.requestedModel,
      [GEN_AI.errorType]: errorOf(call.state, call.attempts.at(-1)?.failureKind ?? call.refusedBy),
      [PATCHBAY.callId]: call.requestId,
      [PATCHBAY.outcome]: call.state,
      [PATCHBAY.retries]: Math.max(0, call.attempts.length - 1),
      'patchbay.key.id': call.keyId,
      'patchbay.stream': call.stream,
      'patchbay.losses': call.losses.length,
    }),
    failed: call.state === 'failed',
  };
  const attempts = call.attempts.map((attempt) => ({
    ...attemptSpan(attempt, operation),
    traceId,
    spanId: newId(8),
    parentSpanId: spanId,
  }));
  return [whole, ...attempts];
}

const attemptSpan = (attempt: AttemptRecord, operation: string): Omit<Span, 'traceId' | 'spanId' | 'parentSpanId'> => ({
  name: attempt.model === '' ? operation : `${operation} ${attempt.model}`,
  kind: 'client',
  startedAtMs: attempt.startedAtMs,
  endedAtMs: attempt.startedAtMs + attempt.latencyMs,
  attributes: present({
    [GEN_AI.operation]: operation,
    [GEN_AI.provider]: genAiProvider(attempt.providerId),
    [GEN_AI.requestModel]: attempt.model === '' ? undefined : attempt.model,
    [GEN_AI.inputTokens]: attempt.usage?.inputTokens,
    [GEN_AI.outputTokens]: attempt.usage?.outputTokens,
    [GEN_AI.cacheReadTokens]: attempt.usage?.cacheReadTokens,
    [GEN_AI.cacheWriteTokens]: attempt.usage?.cacheWriteTokens,
    [GEN_AI.status]: attempt.status,
    [GEN_AI.errorType]: errorOf(attempt.state, attempt.failureKind),
    [PATCHBAY.attempt]: attempt.number,
    [PATCHBAY.account]: attempt.accountId,
    [PATCHBAY.outcome]: attempt.state,
    [PATCHBAY.firstOutputMs]: attempt.firstTokenMs,
    [PATCHBAY.costNanoUsd]: attempt.costNanoUsd,
  }),
  failed: attempt.state === 'failed',
});

const errorOf = (state: CallState, why: string | undefined): string | undefined =>
  state === 'failed' ? (why ?? '_OTHER') : undefined;

const present = (all: Readonly<Record<string, AttributeValue | undefined>>): Span['attributes'] =>
  Object.fromEntries(Object.entries(all).filter((each): each is [string, AttributeValue] => each[1] !== undefined));

/** Operations in the words of the conventions, by what the route of a call ends with. */
const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/count_tokens$|input_tokens$|:countTokens$/, 'count_tokens'],
  [/embeddings$|:(?:batchE|e)mbedContents?$/, 'embeddings'],
  [/generateContent$/i, 'generate_content'],
  [/\/completions$/, 'text_completion'],
];

const operationOf = (route: string): string => {
  if (/chat\/completions$|messages$|responses$/.test(route)) return 'chat';
  return OPERATIONS.find(([ends]) => ends.test(route))?.[1] ?? route.split('/').slice(2).join('_');
};
