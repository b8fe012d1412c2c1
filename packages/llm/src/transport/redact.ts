const HIDDEN = '[secret]';

const SECRET_HEADERS: ReadonlySet<string> = new Set(['cookie', 'set-cookie', 'ocp-apim-subscription-key']);
/** Ends of header names that carry a credential; `x-ratelimit-limit-tokens` and `idempotency-key` are none. */
const SECRET_HEADER = /(?:^|[-_])(?:authorization|api-?key|token|secret|password|signature|credentials?)$/;
const SECRET_PARAMETER =
  /(?:apikey|token|secret|password|signature)$|(?:^|[-_])(?:key|passwd|auth|authorization|sig|credential)$/;

/** The headers with the value of every one that may carry a credential replaced by `[secret]`; for logs. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecretHeader(name.toLowerCase()) ? HIDDEN : value]),
  );
}

const isSecretHeader = (name: string): boolean => SECRET_HEADERS.has(name) || SECRET_HEADER.test(name);

/**
 * The address with user, password and the values of credential parameters such as `key`, `api_key`, `token` and
 * `access_token` replaced by `[secret]`; for logs. Works on text that is no valid URL too, and changes nothing else.
 */
export function redactUrl(url: string): string {
  return url
    .replace(/^(\s*(?:[a-z][a-z0-9+.-]*:)?[\\/]{2})[^\\/?#]*@/i, `$1${HIDDEN}@`)
    .replace(/([?&#])([^=&#?]+)=([^&#]*)/g, (whole, mark: string, name: string) =>
      SECRET_PARAMETER.test(plain(name).toLowerCase()) ? `${mark}${name}=${HIDDEN}` : whole,
    );
}

/** A parameter's name without percent signs, or as it stands when they are broken. */
function plain(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
