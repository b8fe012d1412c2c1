import { Secret } from '@patchbay/llm/credentials/secret';

import type { SETTINGS, SettingName } from './schema.ts';

/** How one setting is read, by its name. */
export type ReadSetting = <Name extends SettingName>(name: Name) => (typeof SETTINGS)[Name]['default'];

/** What concerns those who manage the gateway. */
export interface ManagementSettings {
  /** True when requests from this machine without a credential act as administrator (`AUTH_MODE=open-loopback`). */
  readonly openLoopback: boolean;
  readonly administrator: { readonly username: string; readonly email: string; readonly password?: Secret };
  /** Secret that access tokens are signed with; generated and kept in the data folder when it is absent. */
  readonly jwtSecret?: Secret;
  /** How long an access token opens anything, in seconds. Default 3,600 (`JWT_EXPIRES_IN`). */
  readonly accessTokenS: number;
  /** How long a session lasts unused, in seconds. Default seven days (`JWT_REFRESH_EXPIRES_IN`). */
  readonly refreshTokenS: number;
  /** True when strangers may make accounts for themselves. Default false (`REGISTRATION_OPEN`). */
  readonly registrationOpen: boolean;
  /** Origins whose pages may call the management routes. Default none (`CORS_ORIGIN`, `ALLOWED_ORIGINS`). */
  readonly corsOrigins: readonly string[];
  /** Longest provider test, in milliseconds. Default 10,000 (`PROVIDER_TEST_TIMEOUT`). */
  readonly providerTestMs: number;
  /** How often providers are looked at, in seconds; 0 for never. Default 300 (`PROVIDER_HEALTH_CHECK_INTERVAL`). */
  readonly healthCheckS: number;
  /** Absent: the doctor looks when it is asked, and tells nobody else. */
  readonly doctor?: {
    /** How often it looks by itself, in seconds; 0 for never. Default 60 (`DOCTOR_INTERVAL`). */
    readonly intervalS: number;
    /** Where it tells what is new (`DOCTOR_WEBHOOK_URL`). Absent: among the events alone. */
    readonly webhookUrl?: string;
  };
  readonly limits: {
    /** Requests by address and window; 0 for any number. */
    readonly max: number;
    readonly windowMs: number;
    /** Tries to sign in by address and minute; 0 for any number. */
    readonly loginsPerMinute: number;
    /** Wrong passwords after which an account is locked; 0 for never. */
    readonly loginFailuresMax: number;
    /** How long it stays locked, in seconds. */
    readonly lockoutS: number;
  };
}

/** Reads the settings of the management; without `RATE_LIMIT_ENABLED`, requests are not counted, but passwords are. */
export function readManagement(get: ReadSetting): ManagementSettings {
  const password = get('ADMIN_PASSWORD');
  const jwtSecret = get('JWT_SECRET');
  const webhookUrl = get('DOCTOR_WEBHOOK_URL');
  const isLimited = get('RATE_LIMIT_ENABLED');
  const [max, loginsPerMinute] = [get('API_RATE_LIMIT_MAX'), get('AUTH_RATE_LIMIT')];
  return {
    openLoopback: get('AUTH_MODE') === 'open-loopback',
    administrator: {
      username: get('ADMIN_USERNAME'),
      email: get('ADMIN_EMAIL'),
      ...(password !== undefined && { password: new Secret(password) }),
    },
    ...(jwtSecret !== undefined && { jwtSecret: new Secret(jwtSecret) }),
    accessTokenS: get('JWT_EXPIRES_IN'),
    refreshTokenS: get('JWT_REFRESH_EXPIRES_IN'),
    registrationOpen: get('REGISTRATION_OPEN'),
    corsOrigins: [...new Set([...get('CORS_ORIGIN'), ...get('ALLOWED_ORIGINS')])],
    providerTestMs: get('PROVIDER_TEST_TIMEOUT'),
    healthCheckS: get('PROVIDER_HEALTH_CHECK_INTERVAL'),
    doctor: { intervalS: get('DOCTOR_INTERVAL'), ...(webhookUrl !== undefined && { webhookUrl }) },
    limits: {
      max: isLimited ? max : 0,
      windowMs: get('API_RATE_LIMIT_WINDOW'),
      loginsPerMinute: isLimited ? loginsPerMinute : 0,
      loginFailuresMax: get('MAX_LOGIN_ATTEMPTS'),
      lockoutS: get('LOCKOUT_DURATION'),
    },
  };
}

/** Settings read here, by their names. */
export const MANAGEMENT_SETTINGS: readonly SettingName[] = [
  'AUTH_MODE',
  'ADMIN_USERNAME',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'JWT_SECRET',
  'JWT_EXPIRES_IN',
  'JWT_REFRESH_EXPIRES_IN',
  'REGISTRATION_OPEN',
  'CORS_ORIGIN',
  'PROVIDER_TEST_TIMEOUT',
  'PROVIDER_HEALTH_CHECK_INTERVAL',
  'DOCTOR_INTERVAL',
  'DOCTOR_WEBHOOK_URL',
  'MAX_LOGIN_ATTEMPTS',
  'LOCKOUT_DURATION',
  'API_RATE_LIMIT_MAX',
  'API_RATE_LIMIT_WINDOW',
  'AUTH_RATE_LIMIT',
  'RATE_LIMIT_ENABLED',
];
