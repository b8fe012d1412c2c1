const HIDDEN = '[secret]';

/** Where a word may begin: not inside another, but after an escape (`%20`, `\n`, `\u0022`), which ends like a word. */
const START = String.raw`(?:(?<![A-Za-z0-9])|(?<=%[\dA-Fa-f]{2}|\\[bfnrt]|\\u[\dA-Fa-f]{4}))`;

/** Keys by the prefixes of their vendors, and ours. Words of daily use ask for a longer rest. */
const PREFIXED = new RegExp(
  `${START}(?:(?:sk|pk|rk|pb|gsk)[-_][\\w-]{8,}|(?:xai|pplx|csk|nvapi|glpat|fw|hf|r8|gh[pousr]|github_pat)[-_][\\w-]{12,}|` +
    `AIza[\\w-]{10,}|ya29\\.[\\w-]{8,}|(?:AKIA|ASIA)[0-9A-Z]{16})(?:\\.[\\w-]+)*`,
  'g',
);

/** A whole run of characters that tokens are made of and that holds the start of a JSON web token. */
const MAYBE_JWT = /(?<![\w.-])[\w.-]*eyJ[\w.-]+/g;
const JWT_HEAD_MIN = 13;

const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*/g;

const SCHEME = /\b(Bearer|Basic)((?:\s|%20)+)[\w.~+/=-]{8,}/gi;

/** Names whose values are secrets. */
const NAMES =
  String.raw`authorization|api[-_ ]?key(?: provided)?|(?:access|refresh|auth|session|security|bearer|id)[-_]?token|` +
  String.raw`secret(?:[-_]?access)?[-_]?key|private[-_]?key|password|passwd|pwd|secret`;
const SECRET_NAME = new RegExp(`(?:${NAMES})$`, 'i');

/** A quoted value, also inside quoted text, or a bare word; a scheme before it belongs to it. */
const VALUE =
  String.raw`"(?:[^"\\]|\\[^])+|\\+"[^"\\]+|'[^']+|` +
  String.raw`(?:(?:Bearer|Basic|Token|Digest|Key)\s+)?[^\s"',;&}\\]{4,}`;
const NAMED = new RegExp(String.raw`((?:${NAMES})[\\"']{0,8}\s*[:=]\s*)(${VALUE})`, 'gi');

/** Long tokens behind words that also have harmless values. */
const LONG = /((?:key|token|signature|sig|auth)[\\"']{0,8}\s*[:=]\s*[\\"']{0,8})[\w+/=.-]{16,}/gi;

const QUERY = /([?&](?:key|token|sig|signature)=)[^&\s"'\\#]+/gi;

const USER_INFO = /(\/\/[^\s/:@"'?#]*):[^\s/"'?#]+@/g;

/** Something in every text that one of the patterns could match; most texts of a log have nothing of it. */
const HINT =
  /(?:sk|[prh]k|pb|xai|plx|api|pat|fw|hf|r8|gh[pousr])[-_]|AIza|ya29|AKIA|ASIA|eyJ|-----B|[Bb][Ee][Aa]|[Bb][Aa][Ss]|[:=]/;

/**
 * `text` without anything that looks like a credential. Linear in its length: a pattern starts only where no earlier
 * start can reach, and no two neighbours in it take the same character.
 */
export function redactText(text: string): string {
  if (!HINT.test(text)) return text;
  let clean = text.replace(PREFIXED, HIDDEN).replace(SCHEME, `$1$2${HIDDEN}`);
  if (clean.includes('eyJ')) clean = clean.replace(MAYBE_JWT, withoutJwt);
  if (clean.includes('-----BEGIN')) clean = clean.replace(PRIVATE_KEY, HIDDEN);
  // All that follows needs a separator.
  if (!clean.includes(':') && !clean.includes('=')) return clean;
  return clean
    .replace(NAMED, (_, lead: string, value: string) => lead + (/^\\*["']/.exec(value)?.[0] ?? '') + HIDDEN)
    .replace(LONG, `$1${HIDDEN}`)
    .replace(QUERY, `$1${HIDDEN}`)
    .replace(USER_INFO, `$1:${HIDDEN}@`);
}

/** `text`, the value of the member `name`, without credentials: none of it when the name says that it is one. */
export const redactMember = (name: string, text: string): string =>
  SECRET_NAME.test(name) ? HIDDEN : redactText(text);

function withoutJwt(run: string): string {
  const start = run.indexOf('eyJ');
  return run.indexOf('.', start + JWT_HEAD_MIN) < 0 ? run : run.slice(0, start) + HIDDEN;
}
