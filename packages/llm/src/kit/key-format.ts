import { failed, invalidRequest, ok, type Result } from '../model/failure.ts';

interface KeyFormat {
  readonly charsMin: number;
  /** One of these must stand first; none means any. */
  readonly prefixes: readonly string[];
}

/** What keys of providers look like; others have at least ten characters. */
const FORMATS: Readonly<Record<string, KeyFormat>> = {
  openai: { charsMin: 20, prefixes: ['sk-'] },
  anthropic: { charsMin: 20, prefixes: ['sk-ant-'] },
  gemini: { charsMin: 20, prefixes: [] },
};
const OTHERS: KeyFormat = { charsMin: 10, prefixes: [] };

/**
 * Looks whether a key can be one of this provider's, before a call finds out. A key that cannot is an `invalid-request`
 * failure, which shows the key masked. Providers at addresses of one's own may have other keys: nobody is refused for it.
 */
export function checkKeyFormat(provider: string, key: string): Result<void> {
  const { charsMin, prefixes } = (Object.hasOwn(FORMATS, provider) ? FORMATS[provider] : undefined) ?? OTHERS;
  const hasPrefix = prefixes.length === 0 || prefixes.some((prefix) => key.startsWith(prefix));
  if (key.length >= charsMin && hasPrefix) return ok(undefined);
  const starts = prefixes.length > 0 ? ` and start with ${prefixes.join(' or ')}` : '';
  const rule = `Keys of ${provider} have ${charsMin} characters or more${starts}`;
  return failed(invalidRequest('apiKey', `${rule}; this one is ${maskKey(key)}. Check where it was copied from.`));
}

/** Characters that are shown of a key's beginning and of its end. */
const HEAD_CHARS = 8;
const TAIL_CHARS = 4;

/** A key as people may see it: its first eight and last four characters, or asterisks alone when it has twelve or fewer. */
export const maskKey = (key: string): string =>
  key.length <= HEAD_CHARS + TAIL_CHARS
    ? '*'.repeat(key.length)
    : `${key.slice(0, HEAD_CHARS)}...${key.slice(-TAIL_CHARS)}`;
