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

/** What the gateway did itself before each mark that belongs to no attempt. */
const STAGES: Readonly<Record<string, string>> = {
  authenticated: 'Authentication',
  read: 'Reading',
  admitted: 'Limits',
  resolved: 'Name and targets',
};

/** A picture of a request. */
export interface Waterfall {
  readonly totalMs: number;
  /** What the gateway did before the first attempt; empty where the request was not traced. */
  readonly stages: readonly Phase[];
  readonly lines: readonly AttemptLine[];
}

/** What attempts took their time with, the first one first. Phases are as fine as what is known of them. */
export function waterfallOf(attempts: readonly RequestLog[], trace: readonly TraceMark[] = []): Waterfall {
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
  const marks = trace.filter(({ name }) => name === 'received' || name in STAGES);
  return { totalMs: Math.max(1, trace.at(-1)?.at_ms ?? 0, ...ends), stages: phasesBetween(marks, STAGES), lines };
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
  return phasesBetween(marks, BEFORE);
}

/** Each mark that has a name ends a stretch that began at the one before. */
const phasesBetween = (marks: readonly TraceMark[], names: Readonly<Record<string, string>>): readonly Phase[] =>
  marks.slice(1).flatMap(({ name, at_ms: toMs }, at) => {
    const told = names[name];
    return told === undefined ? [] : [{ name: told, fromMs: marks[at]?.at_ms ?? toMs, toMs }];
  });
