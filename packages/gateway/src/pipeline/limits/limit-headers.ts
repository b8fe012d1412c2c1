import type { ServedFormatId } from '@patchbay/llm/wire/registry';

import type { Standing } from '../../coordination/limiter.ts';

type Told = 'limit' | 'remaining' | 'reset';

interface Telling {
  readonly name: (measure: string, told: Told) => string;
  readonly reset: (atMs: number, nowMs: number) => string;
}

const OPENAI: Telling = {
  name: (measure, told) => `x-ratelimit-${told}-${measure}`,
  reset: (atMs, nowMs) => `${Math.max(0, Math.ceil((atMs - nowMs) / 1000))}s`,
};
const ANTHROPIC: Telling = {
  name: (measure, told) => `anthropic-ratelimit-${measure}-${told}`,
  reset: (atMs) => new Date(atMs).toISOString(),
};
/** Dialects whose vendors tell of limits in headers; Gemini's clients read the body. */
const TELLING: Readonly<Partial<Record<ServedFormatId, Telling>>> = {
  'openai-chat': OPENAI,
  'openai-responses': OPENAI,
  'anthropic-messages': ANTHROPIC,
};

/** Where the tightest limits of requests and of tokens stand, in the headers of the caller's dialect. */
export function limitHeaders(
  standings: readonly Standing[],
  format: ServedFormatId,
  nowMs: number,
): Readonly<Record<string, string>> {
  const telling = TELLING[format];
  const headers: Record<string, string> = {};
  if (telling === undefined) return headers;
  for (const measure of ['requests', 'tokens'] as const) {
    const tightest = standings.filter(({ limit }) => limit.measure === measure).toSorted(byRemaining)[0];
    if (tightest === undefined) continue;
    headers[telling.name(measure, 'limit')] = String(tightest.limit.max);
    headers[telling.name(measure, 'remaining')] = String(remaining(tightest));
    if (tightest.frees?.kind === 'at')
      headers[telling.name(measure, 'reset')] = telling.reset(tightest.frees.atMs, nowMs);
  }
  return headers;
}

const remaining = ({ limit, used }: Standing): number => Math.max(0, limit.max - used);

/** What refuses comes first: it is what the caller asks about. */
const byRemaining = (a: Standing, b: Standing): number =>
  Number(b.frees !== undefined) - Number(a.frees !== undefined) || remaining(a) - remaining(b);
