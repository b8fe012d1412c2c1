const HIDDEN = '[secret]';

/** Texts that look like credentials. Every pattern is linear: bounded starts, one run behind them. */
const SHAPES: readonly RegExp[] = [
  // Keys by their vendors' prefixes, and ours.
  /\b(?:sk|pk|rk|pb|gsk|xai|pplx|csk|fw|hf|r8|nvapi|AIza|ya29|ghp|glpat)[-_.][\w-]{8,}(?:\.[\w-]+)*/g,
  /\bAIza[\w-]{20,}/g,
  // JSON web tokens.
  /\beyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]+)?/g,
];
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
const NAMED =
  /("?(?:authorization|x-api-key|api-key|api_key|apikey|x-goog-api-key|access_token|refresh_token|client_secret|password|secret)"?\s*[:=]\s*"?)[^\s",;&}]{4,}/gi;
const QUERY_KEY = /([?&](?:key|token|api_key|access_token)=)[^&\s"]+/gi;
const USER_INFO = /(\/\/[^\s/:@"]*):[^\s/@"]+@/g;

/** `text` without anything that looks like a credential. Linear in its length. */
export function redactText(text: string): string {
  let clean = text;
  for (const shape of SHAPES) clean = clean.replace(shape, HIDDEN);
  return clean
    .replace(BEARER, `$1 ${HIDDEN}`)
    .replace(NAMED, `$1${HIDDEN}`)
    .replace(QUERY_KEY, `$1${HIDDEN}`)
    .replace(USER_INFO, `$1:${HIDDEN}@`);
}
