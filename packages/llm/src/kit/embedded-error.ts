/** Phrases by which providers report errors inside answers of status 200; the most telling first. */
const PHRASES = [
  'insufficient_quota',
  'model_not_found',
  'invalid_api_key',
  'token quota',
  'rate limit',
  'context length',
  'quota',
  'capacity',
  'overloaded',
] as const;

/** Characters around a phrase that are shown with it, on each side. */
const AROUND_CHARS = 60;

/** An error phrase in a body, and what stands around it. */
export interface EmbeddedError {
  readonly phrase: (typeof PHRASES)[number];
  readonly context: string;
}

/**
 * Looks for a provider's error in a body that came with status 200; `undefined` when there is none. A guess by words: ask
 * it about bodies that are no answers, not about what a model wrote.
 */
export function detectEmbeddedError(body: string): EmbeddedError | undefined {
  const text = body.toLowerCase();
  for (const phrase of PHRASES) {
    const at = text.indexOf(phrase);
    if (at < 0) continue;
    const context = body.slice(Math.max(0, at - AROUND_CHARS), at + phrase.length + AROUND_CHARS);
    return { phrase, context: context.trim() };
  }
  return undefined;
}
