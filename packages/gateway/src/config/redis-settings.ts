import { Secret } from '@patchbay/llm/credentials/secret';

import type { ReadSetting } from './management-settings.ts';

/** Where Redis is: as one URL, else put together of its parts; `undefined` where neither is set. */
export function readRedisUrl(get: ReadSetting): Secret | undefined {
  // All are read, so that each mistake is named.
  const [url, host, port] = [get('REDIS_URL'), get('REDIS_HOST'), get('REDIS_PORT')];
  const [password, database] = [get('REDIS_PASSWORD'), get('REDIS_DB')];
  if (url !== undefined) return new Secret(url);
  if (host === undefined) return undefined;
  const login = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return new Secret(`redis://${login}${host.includes(':') ? `[${host}]` : host}:${port}/${database}`);
}
