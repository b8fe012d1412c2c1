/** A request as it arrived, with the address that it was sent to. */
export interface ArrivedRequest {
  readonly method: string;
  /** Absolute, with the host that was asked. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a signature is held against. */
export interface KnownAccounts {
  /** Secrets by access key id. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Why a signature does not hold, as Amazon tells it apart. */
export type SignatureFault = 'missing' | 'unknown-account' | 'expired' | 'wrong';

/** How far the clocks of both sides may be apart, in milliseconds. */
const SKEW_MS = 300_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Holds a request against its own signature (Amazon's version 4), which must cover its method, address, host, time and
 * body; `undefined` when it does.
 */
export async function verifySigV4(
  request: ArrivedRequest,
  { secrets, service, nowMs }: KnownAccounts,
): Promise<SignatureFault | undefined> {
  const { headers } = request;
  const found = AUTHORIZATION.exec(headers['authorization'] ?? '');
  if (found === null) return 'missing';
  const [, accessKeyId = '', day = '', region = '', signedService = '', names = '', signature] = found;
  const secret = Object.hasOwn(secrets, accessKeyId) ? secrets[accessKeyId] : undefined;
  if (secret === undefined) return 'unknown-account';
  const signedHeaders = names.split(';');
  const time = headers['x-amz-date'] ?? '';
  // Over HTTP/2 the host has this name.
  const host = signedHeaders.includes('host') || signedHeaders.includes(':authority');
  if (!host || !signedHeaders.includes('x-amz-date') || signedService !== service || !time.startsWith(day))
    return 'wrong';
  if (!(Math.abs(millisecondsOf(time) - nowMs) <= SKEW_MS)) return 'expired';
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, await hashOf(await canonical(request, signedHeaders))].join('\n');
  let key: Uint8Array<ArrayBuffer> = utf8.encode(`AWS4${secret}`);
  for (const step of [day, region, service, 'aws4_request', text]) key = await hmac(key, step);
  return hexOf(key) === signature ? undefined : 'wrong';
}

/** `20261121T201530Z` in milliseconds since 1970; not a number when it is none. */
const millisecondsOf = (time: string): number =>
  Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** The one way to write a request that both sides hash. */
async function canonical({ method, url, headers, body }: ArrivedRequest, names: readonly string[]): Promise<string> {
  const { pathname, searchParams, host } = new URL(url);
  // All services but S3 escape the path once more, and take slashes in a row for one.
  const path = pathname.split(/\/+/).map(escaped).join('/');
  const query = [...searchParams]
    .map(([name, value]) => [escaped(name), escaped(value)] as const)
    .toSorted(([a, b], [c, d]) => compare(a, c) || compare(b, d))
    .map((pair) => pair.join('='));
  const lines = names.map((name) => {
    const value = name === 'host' ? (headers['host'] ?? host) : (headers[name] ?? '');
    return `${name}:${value.trim().replace(/ +/g, ' ')}`;
  });
  return [method, path, query.join('&'), ...lines, '', names.join(';'), await hashOf(body)].join('\n');
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

const utf8 = new TextEncoder();

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const hashOf = async (text: string): Promise<string> =>
  hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text))));

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, utf8.encode(text)));
}
