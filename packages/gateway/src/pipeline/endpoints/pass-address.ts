import { failed, ok, type Result } from '@patchbay/llm/model/failure';

/** Rounds of decoding that are looked at: servers behind servers have been known to decode twice. */
const ROUNDS = 3;

/**
 * The address of `path`, which begins with a slash or is empty, at a provider. A path that begins with the base URL's
 * own, as SDKs write it, is not given it twice. Refuses whatever a server could read as another place than the one
 * that is written: dots, empty parts, and slashes in disguise.
 */
export function passAddress(baseUrl: string, path: string): Result<string> {
  const problem = path === '' ? undefined : pathProblem(path);
  if (problem !== undefined) return failed({ kind: 'invalid-request', message: `The path ${problem}.` });
  const base = new URL(baseUrl).pathname.replace(/\/$/, '');
  const isDoubled = base !== '' && (path === base || path.startsWith(`${base}/`));
  return ok(baseUrl + (isDoubled ? path.slice(base.length) : path));
}

function pathProblem(path: string): string | undefined {
  const parts = path.slice(1).split('/');
  // The last may be empty: some servers tell `/files` from `/files/`.
  if (parts.slice(0, -1).includes('')) return 'holds `//`, which some servers read as a host';
  for (const part of parts) {
    const problem = partProblem(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function partProblem(part: string): string | undefined {
  let text = part;
  for (let round = 0; round <= ROUNDS; round += 1) {
    if (/[/\\]/.test(text)) return 'holds a slash in disguise';
    if (/\p{Cc}/u.test(text)) return 'holds control characters';
    // Some servers cut off what stands behind a semicolon before they look for dots.
    if (/^\.{1,2}(?:;|$)/.test(text)) return 'holds `.` or `..`, which lead elsewhere';
    if (!text.includes('%')) return undefined;
    const decoded = decodedOnce(text);
    if (decoded === undefined) return round === 0 ? 'is not percent-encoded as it should be' : undefined;
    text = decoded;
  }
  return 'is encoded many times over';
}

function decodedOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Where a redirect of a provider leads, for a client that must not meet the provider itself: an address below
 * `/pass/{provider}` for what lies under the base URL, `undefined` for the rest of the provider's site, and other
 * sites as they are.
 */
export function passedLocation(
  location: string,
  from: string,
  baseUrl: string,
  providerId: string,
): string | undefined {
  if (!URL.canParse(location, from)) return undefined;
  const to = new URL(location, from);
  const base = new URL(baseUrl);
  if (to.origin !== base.origin) return to.href;
  const root = base.pathname.replace(/\/$/, '');
  if (to.pathname !== root && !to.pathname.startsWith(`${root}/`)) return undefined;
  return `/pass/${providerId}${to.pathname.slice(root.length)}${to.search}${to.hash}`;
}
