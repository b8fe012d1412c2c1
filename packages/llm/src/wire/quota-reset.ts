import { resetTime } from '../model/reset-time.ts';
import type { WireHeaders } from './codec.ts';

/**
 * How long until a provider's windows that are spent begin anew, in milliseconds from its answer: the latest of those of
 * which it says that nothing is left, or that they refused. `also` are times that it names elsewhere, such as in the body.
 * Absent where none is told, and where times are absolute and the answer has no `date` to compare them with.
 */
export function quotaResetMs(headers: WireHeaders, also: readonly (string | undefined)[] = []): number | undefined {
  const atMs = Date.parse(headers['date'] ?? '');
  const told = [...spentResets(headers), ...also].flatMap((value) => waitUntil(value?.trim() ?? '', atMs) ?? []);
  return told.length === 0 ? undefined : Math.max(...told);
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
