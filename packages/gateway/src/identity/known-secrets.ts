import { Secret } from '@patchbay/llm/credentials/secret';

/** Shorter texts are parts of other words: to hide those would tell more than it hides. */
const CHARACTERS_MIN = 6;
const HIDDEN = '[secret]';
const DEPTH_MAX = 8;

/** Every secret in some values, however deep. */
export function secretsIn(...values: readonly unknown[]): readonly Secret[] {
  const found = new Set<Secret>();
  const look = (value: unknown, depth: number): void => {
    if (value instanceof Secret) found.add(value);
    else if (typeof value === 'object' && value !== null && depth < DEPTH_MAX)
      for (const each of value instanceof Map ? value.values() : Object.values(value)) look(each, depth + 1);
  };
  for (const value of values) look(value, 0);
  return [...found];
}

/**
 * Makes what takes these very secrets out of texts, also as they stand in addresses, and the passwords of secrets that
 * are addresses. For texts that should hold none, as a last line: it says nothing of secrets that it does not know.
 */
export function secretScrubber(secrets: readonly Secret[]): (text: string) => string {
  const texts = secrets
    .flatMap((secret) => spelled(secret.reveal()))
    .filter((each) => each.length >= CHARACTERS_MIN)
    // The longest first: one may be a part of another.
    .toSorted((one, other) => other.length - one.length);
  return (text) => texts.reduce((clean, each) => clean.replaceAll(each, HIDDEN), text);
}

function spelled(text: string): readonly string[] {
  const password = URL.parse(text)?.password ?? '';
  const all = [text, encodeURIComponent(text), password, decoded(password)];
  return [...new Set(all)].filter((each) => each !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
