import type { IncomingMessage } from 'node:http';

/** Headers that may carry a data-plane key, in the order they are asked. */
const KEY_HEADERS = ['x-api-key', 'x-goog-api-key', 'api-key', 'x-access-key'] as const;

/** The key a request presents, wherever its dialect puts it; `undefined` when there is none. */
export function presentedKey(request: Pick<IncomingMessage, 'headers' | 'url'>): string | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined && /^bearer /i.test(authorization)) return authorization.slice(7).trim();
  for (const name of KEY_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  const url = request.url ?? '';
  const query = url.indexOf('?');
  return query < 0 ? undefined : new URLSearchParams(url.slice(query)).get('key') || undefined;
}

/** A query string without its `key`, with the `?`, or empty. */
export function queryWithoutKey(url: string): string {
  const at = url.indexOf('?');
  if (at < 0) return '';
  const parameters = new URLSearchParams(url.slice(at));
  if (!parameters.has('key')) return url.slice(at);
  parameters.delete('key');
  const rest = parameters.toString();
  return rest === '' ? '' : `?${rest}`;
}
