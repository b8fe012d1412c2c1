import { Secret } from '@patchbay/llm/credentials/secret';

import { DEBUG_RULES } from './debug-rules.ts';
import { readDatabaseUrl, readDebug } from './debug-settings.ts';
import { freezeDeep } from './freeze-deep.ts';
import { gatherSettings, type Gathered, type SettingSource, type SettingTexts } from './gather.ts';
import { readGeneration, readResponseCache } from './generation-settings.ts';
import { GENERATION_RULES } from './generation-rules.ts';
import { MANAGEMENT_SETTINGS, readManagement, type ReadSetting } from './management-settings.ts';
import { readOAuth } from './oauth-settings.ts';
import { NAMED_PROVIDERS, readAddresses, readProvider } from './provider-settings.ts';
import { NO_LIMIT_RULES } from './read-limits.ts';
import { readRedisUrl } from './redis-settings.ts';
import { isPlaceholder, SETTINGS, type SettingName } from './schema.ts';
import type { Settings } from './settings.ts';
import { readTracing } from './tracing-settings.ts';
import { showSettings, type ShownSetting } from './show-settings.ts';

/** Settings that cannot be used. The message names every problem, one a line, and never a secret. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings cannot be used:\n${problems.map((each) => `  - ${each}`).join('\n')}`);
    this.problems = problems;
  }
}

/** The checked settings, and where each one that was set came from. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly sources: ReadonlyMap<string, SettingSource>;
  /** Every setting as it may be shown. */
  readonly shown: readonly ShownSetting[];
}

/**
 * Checks and freezes the settings: environment before `.env` before `config.yaml` before defaults. Throws a
 * `SettingsError` that names all problems at once. `isTerminal` decides the log's default format.
 */
export function loadSettings(texts: SettingTexts & { readonly isTerminal: boolean }): LoadedSettings {
  const gathered = gatherSettings(texts);
  const { sources, problems } = gathered;
  const get = <Name extends SettingName>(name: Name) => read(name, gathered);
  const gatewayApiKey = get('GATEWAY_API_KEY');
  const databaseUrl = readDatabaseUrl(get);
  const oauthRedirectUrl = get('OAUTH_REDIRECT_URL');
  const redisUrl = readRedisUrl(get);
  const tracing = readTracing(get);
  const debug = readDebug(get);
  const responseCache = readResponseCache(get);
  const settings: Settings = {
    ...readPlace(get, gathered),
    dataDir: get('DATA_DIR'),
    ...(gatewayApiKey !== undefined && { gatewayApiKey: new Secret(gatewayApiKey) }),
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(redisUrl !== undefined && { redisUrl }),
    encryptionKeys: secretsIn(get('ENCRYPTION_KEY')),
    logRetentionDays: get('LOG_RETENTION_DAYS'),
    capture: {
      mode: get('CAPTURE_PAYLOADS'),
      byKeys: get('CAPTURE_BY_KEYS'),
      bytesMax: get('CAPTURE_MAX_BYTES'),
      days: get('CAPTURE_DAYS'),
    },
    ...(tracing !== undefined && { tracing }),
    providers: NAMED_PROVIDERS.flatMap((record) => readProvider(record, gathered) ?? []),
    oauth: readOAuth(gathered),
    ...(oauthRedirectUrl !== undefined && { oauthRedirectUrl }),
    addresses: readAddresses(gathered),
    aliases: get('MODEL_ALIASES'),
    accountPolicies: get('ACCOUNT_POLICIES'),
    limits: get('LIMITS') ?? NO_LIMIT_RULES,
    timeouts: {
      connectMs: get('TIMEOUT_CONNECT_MS'),
      headersMs: get('TIMEOUT_HEADERS_MS'),
      firstTokenMs: get('TIMEOUT_FIRST_TOKEN_MS'),
      idleMs: get('TIMEOUT_IDLE_MS'),
      totalMs: get('TIMEOUT_TOTAL_MS'),
    },
    keepAliveMs: get('STREAM_KEEP_ALIVE_MS'),
    bodyLimitBytes: get('BODY_LIMIT_BYTES'),
    maxInFlight: get('MAX_IN_FLIGHT'),
    responsesRetentionDays: get('RESPONSES_RETENTION_DAYS'),
    clientStallMs: get('CLIENT_STALL_MS'),
    drainMs: get('DRAIN_MS'),
    egressAllow: get('EGRESS_ALLOW'),
    management: readManagement(get),
    generation: readGeneration(get, problems),
    responseCache,
    debug,
    log: readLog(get, debug.isOpen && !gathered.values.has('LOG_LEVEL'), texts.isTerminal),
  };
  checkUnused(gathered);
  if (problems.length > 0) throw new SettingsError(problems);
  return { settings: freezeDeep(settings), sources, shown: showSettings(gathered) };
}

/** `DEBUG=true` makes the log talkative where nothing is said of its level. */
function readLog(get: ReadSetting, isTalkative: boolean, isTerminal: boolean): Settings['log'] {
  const [level, format, folder] = [get('LOG_LEVEL'), get('LOG_FORMAT'), get('LOG_DIR')];
  return {
    level: isTalkative ? 'debug' : level,
    format: format ?? (isTerminal ? 'pretty' : 'json'),
    ...(folder !== undefined && { folder }),
  };
}

/** Where the one listener binds; in production everywhere, unless it is said. */
function readPlace(get: ReadSetting, { values }: Gathered): Pick<Settings, 'host' | 'port'> {
  const [host, port] = [get('API_HOST'), get('API_PORT')];
  const usualHost = get('ENVIRONMENT') === 'production' ? '0.0.0.0' : get('HOST');
  return {
    host: values.has('HOST') ? get('HOST') : (host ?? usualHost),
    port: values.has('PORT') ? get('PORT') : (port ?? get('PORT')),
  };
}

const secretsIn = (text = ''): readonly Secret[] =>
  text.split(',').flatMap((each) => (each === '' ? [] : [new Secret(each)]));

type ValueOf<Name extends SettingName> = (typeof SETTINGS)[Name]['default'];

function read<Name extends SettingName>(name: Name, { values, sources, problems }: Gathered): ValueOf<Name> {
  const rule = SETTINGS[name];
  const text = values.get(name);
  if (text === undefined) return rule.default;
  const result = rule.read(text);
  const place = `${name} (from ${sources.get(name)})`;
  // Some are read in two places.
  const tell = (problem: string): void => {
    if (!problems.includes(problem)) problems.push(problem);
  };
  if ('wanted' in result) tell(`${place} must be ${result.wanted}.`);
  else if ('secret' in rule && isPlaceholder(text)) tell(`${place} holds a placeholder. Choose a real secret.`);
  // Each reader gives what its own rule's default is; the table's union hides which.
  else return result.value as ValueOf<Name>;
  return rule.default;
}

/** Settings for later versions are checked too: a mistake in them should not wait until then. */
function checkUnused(gathered: Gathered): void {
  const used = new Set<string>([
    ...MANAGEMENT_SETTINGS,
    ...Object.keys(GENERATION_RULES),
    ...Object.keys(DEBUG_RULES),
    'GATEWAY_API_KEY',
    'MODEL_ALIASES',
    'OAUTH_REDIRECT_URL',
    'ACCOUNT_POLICIES',
    'LIMITS',
    'EGRESS_ALLOW',
    'LOG_LEVEL',
    'LOG_FORMAT',
    'HOST',
    'PORT',
    'API_HOST',
    'API_PORT',
    'ENVIRONMENT',
    'DATABASE_URL',
    'ENCRYPTION_KEY',
    'LOG_RETENTION_DAYS',
  ]);
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    if (
      used.has(name) ||
      /^(?:TIMEOUT_|CAPTURE_|OTEL_|STREAM_|BODY_|MAX_IN|RESPONSES_|CLIENT_|DRAIN_|DATA_DIR|REDIS_)/.test(name)
    )
      continue;
    read(name, gathered);
  }
}
