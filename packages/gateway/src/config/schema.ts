import type { Rotation } from '@patchbay/llm/credentials/rotation';

import {
  aliasList,
  anyText,
  baseUrl,
  flag,
  hostList,
  hostName,
  oneOf,
  policyList,
  postgresUrl,
  originList,
  redisPort,
  redisUrl,
  span,
  webhookUrl,
  wholeNumber,
} from './readers.ts';
import { DEBUG_RULES } from './debug-rules.ts';
import { GENERATION_RULES } from './generation-rules.ts';
import { limitRules, type LimitRules } from './read-limits.ts';
import { rule, secret, type SettingRule } from './setting-rule.ts';
import { headerList } from './tracing-settings.ts';

const DAY_MS = 86_400_000;
const duration = wholeNumber(0, DAY_MS);
const count = wholeNumber(0, 1_000_000_000);

/** Every setting besides those of providers, by its name in the environment. */
export const SETTINGS = {
  HOST: rule(anyText, '127.0.0.1', 'Address the one listener binds.'),
  PORT: rule(wholeNumber(0, 65_535), 8000, 'Port of the one listener; 0 takes a free one.'),
  API_HOST: rule<string | undefined>(anyText, undefined, 'The same as HOST, where that is not set.'),
  API_PORT: rule<number | undefined>(wholeNumber(0, 65_535), undefined, 'The same as PORT, where that is not set.'),
  ENVIRONMENT: rule(anyText, 'development', 'production: HOST is 0.0.0.0 where it is not set.'),
  DATA_DIR: rule(anyText, './data', 'Folder of the embedded database and of generated keys (0700, files 0600).'),
  DATABASE_URL: {
    read: postgresUrl,
    default: undefined,
    about: 'PostgreSQL instead of the embedded store, as postgres://user:password@host:5432/database.',
    secret: true,
  } as SettingRule<string | undefined>,
  REDIS_URL: {
    read: redisUrl,
    default: undefined,
    about: 'Redis or Valkey for several replicas, as redis://user:password@host:6379/0.',
    secret: true,
  } as SettingRule<string | undefined>,
  REDIS_HOST: rule<string | undefined>(hostName, undefined, 'The same in parts, where REDIS_URL is not set: its host.'),
  REDIS_PORT: rule(redisPort, 6379, 'Its port.'),
  REDIS_PASSWORD: secret(1, 'Its password, where it wants one.'),
  REDIS_DB: rule(wholeNumber(0, 65_535), 0, 'Number of its database.'),
  GATEWAY_API_KEY: secret(1, 'First data-plane key; generated and kept in DATA_DIR when unset.'),
  MODEL_ALIASES: rule(aliasList, new Map<string, readonly string[]>(), 'Names of your own: fast=openai/a|groq/b.'),
  ACCOUNT_POLICIES: rule(
    policyList,
    new Map<string, Rotation>(),
    'How to choose among accounts: openai/gpt-5=weighted,*=affinity.',
  ),
  LIMITS: rule<LimitRules | undefined>(
    limitRules,
    undefined,
    'Limits of every key or user, or of a model: key=requests_per_minute:60,user=budget_usd:5|budget_period:month.',
  ),
  OAUTH_REDIRECT_URL: rule<string | undefined>(
    baseUrl,
    undefined,
    'Where OAuth providers send browsers back to, e.g. https://gateway.example/api/v1/oauth/callback.',
  ),
  EGRESS_ALLOW: rule(hostList, [] as readonly string[], 'Loopback or private hosts and networks it may dial.'),
  TIMEOUT_CONNECT_MS: rule(duration, 3000, 'Longest wait for a connection to a provider; 0 switches it off.'),
  TIMEOUT_HEADERS_MS: rule(duration, 60_000, 'Longest wait for the first word of an answer.'),
  TIMEOUT_FIRST_TOKEN_MS: rule(duration, 60_000, 'Longest wait for the first token after that.'),
  TIMEOUT_IDLE_MS: rule(duration, 60_000, 'Longest silence in the middle of an answer.'),
  TIMEOUT_TOTAL_MS: rule(duration, 900_000, 'Longest call, over all attempts.'),
  STREAM_KEEP_ALIVE_MS: rule(duration, 15_000, 'Silence of a stream after which its client gets a sign; 0 for none.'),
  BODY_LIMIT_BYTES: rule(wholeNumber(1024, 1_073_741_824), 33_554_432, 'Longest request body taken.'),
  MAX_IN_FLIGHT: rule(wholeNumber(1, 1_000_000), 2000, 'Calls served at once; more are told to come back.'),
  LOG_RETENTION_DAYS: rule(
    wholeNumber(0, 36_500),
    30,
    'How many days the log of calls is kept; usage by the hour outlives it. 0 keeps it for ever.',
  ),
  CAPTURE_PAYLOADS: rule(
    oneOf('off', 'errors', 'all'),
    'off',
    'Whose request and response bodies are kept in DATA_DIR, without credentials: of calls with a failed attempt, or all.',
  ),
  CAPTURE_BY_KEYS: rule(
    flag,
    false,
    'Whether keys may have all of their calls kept, whatever is kept of others; what a key says is its `capture`.',
  ),
  CAPTURE_MAX_BYTES: rule(wholeNumber(256, 16_777_216), 65_536, 'Longest part of each body that is kept.'),
  CAPTURE_DAYS: rule(wholeNumber(1, 3650), 7, 'How many days bodies are kept.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: rule<string | undefined>(
    baseUrl,
    undefined,
    'OpenTelemetry receiver that gets every call as spans, over HTTP in JSON, e.g. http://127.0.0.1:4318.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: rule<string | undefined>(
    baseUrl,
    undefined,
    'The same with its whole path, e.g. http://127.0.0.1:4318/v1/traces; goes before the other.',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: {
    read: headerList,
    default: undefined,
    about: 'Headers that it wants: authorization=Bearer%20token,x-tenant=a.',
    secret: true,
  } as SettingRule<string | undefined>,
  OTEL_SERVICE_NAME: rule(anyText, 'patchbay', 'Name of this gateway in traces.'),
  RESPONSES_RETENTION_DAYS: rule(
    wholeNumber(0, 36_500),
    30,
    'How long answers of the Responses API are kept where their provider keeps none; 0 keeps none.',
  ),
  CLIENT_STALL_MS: rule(duration, 30_000, 'A client that takes nothing for this long is cut; 0 switches it off.'),
  DRAIN_MS: rule(duration, 120_000, 'How long SIGTERM waits for running calls.'),
  WORKERS: rule(wholeNumber(1, 1024), 1, 'Data-plane processes; this version runs one, whatever is asked.'),
  LOG_LEVEL: rule(oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'), 'info', 'Least level that is written.'),
  LOG_FORMAT: rule<'pretty' | 'json' | undefined>(
    oneOf('pretty', 'json'),
    undefined,
    'pretty on a terminal, else json.',
  ),
  AUTH_MODE: rule(oneOf('strict', 'open-loopback'), 'strict', 'open-loopback: no sign-in from this machine.'),
  ADMIN_USERNAME: rule(anyText, 'admin', 'Name of the first administrator.'),
  ADMIN_EMAIL: rule(anyText, 'admin@example.com', 'E-mail address of the first administrator.'),
  ADMIN_PASSWORD: secret(1, 'Password of the first administrator; generated and kept in DATA_DIR when unset.'),
  JWT_SECRET: secret(32, 'Secret that access tokens are signed with; generated and kept in DATA_DIR when unset.'),
  JWT_EXPIRES_IN: rule(span(60, 86_400), 3600, 'How long an access token opens anything: seconds, or 15m, 1h.'),
  JWT_REFRESH_EXPIRES_IN: rule(span(3600, 31_536_000), 604_800, 'How long a session lasts unused: seconds, or 7d.'),
  REGISTRATION_OPEN: rule(flag, false, 'Whether strangers may make accounts for themselves.'),
  MAX_LOGIN_ATTEMPTS: rule(count, 5, 'Wrong passwords that lock an account; 0 for never.'),
  LOCKOUT_DURATION: rule(span(1, 86_400), 900, 'How long it stays locked: seconds, or 15m.'),
  CORS_ORIGIN: rule(originList, [] as readonly string[], 'Other origins whose pages may call the management routes.'),
  ENCRYPTION_KEY: secret(
    1,
    'Seals provider secrets; generated and kept in DATA_DIR when unset. After a comma, former keys that still open.',
  ),
  API_RATE_LIMIT_MAX: rule(count, 100, 'Management requests by address and window; 0 for any number.'),
  API_RATE_LIMIT_WINDOW: rule(wholeNumber(1000, DAY_MS), 900_000, 'Window of that limit, in ms.'),
  AUTH_RATE_LIMIT: rule(count, 10, 'Tries to sign in by address and minute; 0 for any number.'),
  RATE_LIMIT_ENABLED: rule(flag, true, 'Whether those limits hold.'),
  PROVIDER_TEST_TIMEOUT: rule(wholeNumber(100, 600_000), 10_000, 'Longest provider test, in ms.'),
  PROVIDER_HEALTH_CHECK_INTERVAL: rule(wholeNumber(0, 86_400), 300, 'Seconds between looks at providers; 0 for none.'),
  DOCTOR_INTERVAL: rule(
    wholeNumber(0, 86_400),
    60,
    'Seconds between rounds of the doctor, which dial nobody; what is new is among the events. 0 for none.',
  ),
  DOCTOR_WEBHOOK_URL: {
    read: webhookUrl,
    default: undefined,
    about: 'Where the doctor POSTs what it found anew and what is well again, as JSON.',
    secret: true,
  } as SettingRule<string | undefined>,
  ...GENERATION_RULES,
  ...DEBUG_RULES,
} as const;

/** Name of a setting in the environment; in `config.yaml` it is written in lower case. */
export type SettingName = keyof typeof SETTINGS;

/** Texts that guides and examples use in the place of a secret: whoever starts with one has forgotten to choose. */
const PLACEHOLDER =
  /^(?:sk-1234\w*|sk-\.\.\.|sk-xxx+|x{3,}|change-?_?me.*|admin-?_?token|your[-_].*|<.*>|secret|password|admin|placeholder|todo)$/i;

/** True for a text that is certainly no secret. */
export const isPlaceholder = (text: string): boolean => PLACEHOLDER.test(text.trim());
