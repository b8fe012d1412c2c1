import type { RequestLog } from '@patchbay/contract/resources/request-log';

/** One stretch of an attempt, in milliseconds since the request came. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One attempt as a line of a picture. */
export interface AttemptLine {
  readonly attempt: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly phases: readonly Phase[];
}

/** A step of a trace. */
export interface TraceMark {
  readonly name: string;
  readonly at_ms: number;
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
}

/** What lies before each mark of a trace. */
const BEFORE: Readonly<Record<string, string>> = {
  connected: 'Connection',
  headers: 'Until headers',
  'first-byte': 'Until the first byte',
  ended: 'Answer',
  broke: 'Until it broke',
};

/** What attempts took their time with, the first one first. Phases are as fine as what is known of them. */
export function waterfallOf(
  attempts: readonly RequestLog[],
  trace: readonly TraceMark[] = [],
): { readonly totalMs: number; readonly lines: readonly AttemptLine[] } {
  const beganMs = Math.min(...attempts.map(({ created_at: at }) => Date.parse(at)));
  const lines = attempts.map((call): AttemptLine => {
    const fromMs = Date.parse(call.created_at) - beganMs;
    const toMs = fromMs + (call.latency_ms ?? 0);
    const traced = tracedPhases(trace, call.attempt);
    return {
      attempt: call.attempt,
      fromMs,
      toMs,
      phases: traced.length > 0 ? traced : loggedPhases(call, fromMs, toMs),
    };
  });
  const ends = [...lines.map(({ toMs }) => toMs), ...attempts.map((each) => each.duration_ms)];
  return { totalMs: Math.max(1, ...ends), lines };
}

function loggedPhases({ first_token_ms: firstMs }: RequestLog, fromMs: number, toMs: number): readonly Phase[] {
  if (firstMs === null || fromMs + firstMs > toMs) return [{ name: 'Attempt', fromMs, toMs }];
  return [
    { name: 'Until the first token', fromMs, toMs: fromMs + firstMs },
    { name: 'Answer', fromMs: fromMs + firstMs, toMs },
  ];
}

function tracedPhases(trace: readonly TraceMark[], attempt: number): readonly Phase[] {
  const marks = trace.filter(
    ({ name, facts }) => facts?.['attempt'] === attempt && (name === 'sent' || name in BEFORE),
  );
  return marks.slice(1).flatMap(({ name, at_ms: toMs }, at) => {
    const fromMs = marks[at]?.at_ms ?? toMs;
    return name === 'sent' ? [] : [{ name: BEFORE[name] ?? name, fromMs, toMs }];
  });
}
