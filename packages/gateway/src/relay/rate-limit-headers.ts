import type { ServedFormatId } from '@patchbay/llm/wire/registry';

import type { UpstreamHeaders } from './upstream.ts';

/** Dialects whose vendors tell in headers how much is left. */
type Telling = 'openai' | 'anthropic';

/**
 * The same fact under both vendors' names. When a limit is whole again has no row: one says a duration and the other a
 * date, and `retry-after` tells every client what it needs of it.
 */
const NAMES: readonly Readonly<Record<Telling, string>>[] = [
  { openai: 'x-ratelimit-limit-requests', anthropic: 'anthropic-ratelimit-requests-limit' },
  { openai: 'x-ratelimit-remaining-requests', anthropic: 'anthropic-ratelimit-requests-remaining' },
  { openai: 'x-ratelimit-limit-tokens', anthropic: 'anthropic-ratelimit-tokens-limit' },
  { openai: 'x-ratelimit-remaining-tokens', anthropic: 'anthropic-ratelimit-tokens-remaining' },
];

const TELLING: Readonly<Partial<Record<ServedFormatId, Telling>>> = {
  'openai-chat': 'openai',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
};

/** What a provider of any dialect said of its rate limits, in the headers of the caller's; empty where those have none. */
export function rateLimitHeaders(upstream: UpstreamHeaders, format: ServedFormatId): Readonly<Record<string, string>> {
  const telling = TELLING[format];
  const headers: Record<string, string> = {};
  if (telling === undefined) return headers;
  for (const row of NAMES) {
    const value = upstream[row.openai] ?? upstream[row.anthropic];
    if (typeof value === 'string') headers[row[telling]] = value;
  }
  return headers;
}
