import type { Failure } from '../model/failure.ts';
import type { Json } from '../model/json.ts';
import { resetTime } from '../model/reset-time.ts';
import type { WireHeaders } from './codec.ts';
import { arrayOf, objectOf, textOf } from './read.ts';

/**
 * A refusal, and with it how long until the provider's windows that are spent begin anew (`resetAfterMs`): the latest of those
 * of which its headers or its body say that nothing is left, or that they refused. Absent where none is told, and where times
 * are absolute and the answer has no `date` to compare them with. Apart from the codecs, since only whoever keeps accounts
 * for longer than a call wants to know.
 */
export function withQuotaReset(failure: Failure, headers: WireHeaders): Failure {
  const atMs = Date.parse(headers['date'] ?? '');
  const told = [...spentResets(headers), ...toldIn(failure.raw?.body)];
  const waits = told.flatMap((value) => waitUntil(value.trim(), atMs) ?? []);
  return waits.length === 0 ? failure : { ...failure, resetAfterMs: Math.max(...waits) };
}

/**
 * What bodies say: ChatGPT's backend in the error itself, OpenRouter in headers that it puts there, and Antigravity among
 * the details, as `2h15m3s` and as a time.
 */
function toldIn(body: Json | undefined): readonly string[] {
  const first: Json | undefined = Array.isArray(body) ? (body as readonly Json[])[0] : body;
  const error = objectOf(objectOf(first)?.['error']) ?? {};
  const headers = objectOf(objectOf(error['metadata'])?.['headers']) ?? {};
  const details = arrayOf(error['details']).map((each) => objectOf(objectOf(each)?.['metadata']) ?? {});
  return [
    error['resets_in_seconds'],
    error['resets_at'],
    headers['X-RateLimit-Reset'],
    ...details.flatMap((each) => [each['quotaResetDelay'], each['quotaResetTimeStamp']]),
  ].flatMap((value) => (typeof value === 'number' ? String(value) : (textOf(value) ?? [])));
}

/** Each reset stands beside what is left: `x-ratelimit-reset-tokens` beside `x-ratelimit-remaining-tokens`. */
const spentResets = (headers: WireHeaders): readonly string[] =>
  Object.entries(headers).flatMap(([name, value]) => {
    if (!/ratelimit.*-reset/.test(name)) return [];
    const left = headers[name.replace('-reset', '-remaining')];
    // Claude's windows of five hours and seven days tell no numbers.
    const status = headers[name.replace('-reset', '-status')];
    const isSpent = /^0(?:$|[,;. ])/.test(left?.trim() ?? '') || status === 'rejected';
    return isSpent && value !== undefined ? [value] : [];
  });

function waitUntil(value: string, atMs: number): number | undefined {
  const isRelative = Number.isNaN(atMs);
  const resetAtMs = resetTime(value, isRelative ? 0 : atMs);
  if (resetAtMs === undefined) return undefined;
  const waitMs = isRelative ? resetAtMs : resetAtMs - atMs;
  return waitMs > 0 ? waitMs : undefined;
}

/** Quotas come back after a month at the latest. */
const RESET_MAX_MS = 31 * 86_400_000;
/** Shorter times are no resets of quotas: Google asks for seconds even where one is back at midnight, and others tell of minutes. */
const RESET_MIN_MS = 60_000;

/** How long until a quota that is spent begins anew, as far as the provider said: a long wait counts as its end. */
export function knownResetMs({ retryAfterMs, resetAfterMs }: Failure): number | undefined {
  const resetMs = [resetAfterMs, retryAfterMs].find((each) => each !== undefined && each >= RESET_MIN_MS);
  return resetMs === undefined ? undefined : Math.min(RESET_MAX_MS, resetMs);
}
