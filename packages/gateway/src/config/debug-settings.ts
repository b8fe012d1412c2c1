import { Secret } from '@patchbay/llm/credentials/secret';

import type { ReadSetting } from './management-settings.ts';

/** How far one may look into a running gateway. */
export interface DebugSettings {
  /** True when this machine may use `/v1/debug/*` without a credential (`DEBUG=true`). */
  readonly isOpen: boolean;
  /** Areas that are told of on standard error, such as `dynamic-providers:*`, and `-area` for those that are not. Default none. */
  readonly areas: readonly string[];
  /** Port of profiles on the loopback address (`PROFILING`, `PROFILING_PORT`). Absent: none are taken. */
  readonly profilingPort?: number;
  /** True where the operator says that others rely on this gateway (`ENVIRONMENT=production`). */
  readonly isProduction?: boolean;
}

const YES = /^(?:true|1|yes|on)$/i;
const NO = /^(?:false|0|no|off)$/i;

/** Reads `DEBUG`: a yes, a no, or a list of areas between commas or spaces. A yes may stand among areas. */
export function readDebug(get: ReadSetting): DebugSettings {
  const words = get('DEBUG')
    .split(/[\s,]+/)
    .filter((each) => each !== '' && !NO.test(each));
  const [isProfiled, profilingPort] = [get('PROFILING'), get('PROFILING_PORT')];
  return {
    isOpen: words.some((each) => YES.test(each)),
    areas: words.filter((each) => !YES.test(each)),
    ...(isProfiled && { profilingPort }),
    ...(get('ENVIRONMENT') === 'production' && { isProduction: true }),
  };
}

/** PostgreSQL as one URL, else put together of its parts; `undefined` where neither is set. */
export function readDatabaseUrl(get: ReadSetting): Secret | undefined {
  // All are read, so that each mistake is named.
  const [url, host, port, name] = [get('DATABASE_URL'), get('DB_HOST'), get('DB_PORT'), get('DB_NAME')];
  const [user, password] = [get('DB_USER'), get('DB_PASSWORD')];
  if (url !== undefined) return new Secret(url);
  if (host === undefined) return undefined;
  const login = `${encodeURIComponent(user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}`;
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Secret(`postgres://${login}@${place}/${encodeURIComponent(name)}`);
}
