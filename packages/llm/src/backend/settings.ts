import { invalidConfig } from '../kit/check-config.ts';
import { processEnvironment } from '../kit/config/environment.ts';
import { expandVariables } from '../kit/config/expand-variables.ts';
import { DEFAULT_CONFIG_FILE } from '../kit/config/load-config.ts';
import { parseConfig, type ConfigOptions, type KitConfig } from '../kit/config/parse-config.ts';
import { readTextFile } from '../kit/files.ts';
import type { ExtensionConfig } from '../plugins/extensions.ts';
import { isObject } from '../wire/read.ts';
import type { BackendAuth, BackendCors } from './backend-options.ts';

/** Where a backend listens and how long it waits, in milliseconds. */
export interface ServerSettings {
  /** Default `127.0.0.1`. */
  readonly host: string;
  /** Default 8080. */
  readonly port: number;
  /** Default `1.0.0`. */
  readonly version: string;
  /** How long a request may take to arrive. Default 30 000. */
  readonly readTimeoutMs: number;
  /** How long a connection may be silent while it is answered. Default 0: as long as it wants, as streams need. */
  readonly writeTimeoutMs: number;
  /** How long running answers may take to their end when the server stops. Default 30 000. */
  readonly shutdownTimeoutMs: number;
}

/** A whole file of a backend: give it to `createBackend` as it is, and `server` to `listen`. */
export interface BackendSettings {
  readonly config: KitConfig;
  readonly server: ServerSettings;
  readonly auth: BackendAuth;
  readonly cors: BackendCors;
  readonly extensionConfigs: Readonly<Record<string, ExtensionConfig>>;
  readonly logLevel: KitConfig['logLevel'];
  readonly logFormat: 'json' | 'text';
  readonly version: string;
}

/**
 * Reads the settings of a backend from YAML text: `server`, `auth`, `logging`, `cors` and `extensions` beside what
 * `parseConfig` reads. Throws `ProviderError` of code `invalid_config`, which names every field and what to do.
 */
export async function parseBackendSettings(yaml: string, options: ConfigOptions = {}): Promise<BackendSettings> {
  const env = options.env ?? processEnvironment();
  const config = await parseConfig(yaml, { ...options, env });
  const { parse } = await import('yaml');
  const whole: unknown = parse(yaml) ?? {};
  const expanded = expandVariables(ownBlocks(whole), { path: 'config', env });
  if (!expanded.ok) throw invalidConfig('config', [expanded.failure.message]);
  const blocks = expanded.value as Readonly<Record<string, unknown>>;
  const reading = startReading();
  const block = (name: string) => reading.block(blocks[name], name);
  const server = block('server');
  const logging = block('logging');
  const auth = authOf(block('auth'), env);
  const settings: BackendSettings = {
    config,
    server: {
      host: server.text('host') ?? '127.0.0.1',
      port: server.number('port') ?? 8080,
      version: server.text('version') ?? '1.0.0',
      readTimeoutMs: server.duration('read_timeout') ?? 30_000,
      writeTimeoutMs: server.duration('write_timeout') ?? 0,
      shutdownTimeoutMs: server.duration('shutdown_timeout') ?? 30_000,
    },
    auth,
    cors: corsOf(block('cors')),
    extensionConfigs: extensionsOf(reading, blocks['extensions']),
    logLevel: logging.oneOf('level', ['debug', 'info', 'warn', 'error'] as const) ?? config.logLevel,
    logFormat: logging.oneOf('format', ['json', 'text'] as const) ?? 'json',
    version: server.text('version') ?? '1.0.0',
  };
  const { port } = settings.server;
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) reading.wrong('server.port', 'a port, 0 to 65535');
  if (auth.enabled === true && auth.password === undefined)
    reading.wrong('auth.api_password', 'set, or `auth.api_key_env` the name of a variable that is set');
  if (reading.mistakes.length > 0) throw invalidConfig('config', reading.mistakes);
  return settings;
}

/** The same from a file: `path`, then `CONFIG_FILE`, then `config.yaml`. Throws `invalid_config` where there is none. */
export async function loadBackendSettings(path?: string, options: ConfigOptions = {}): Promise<BackendSettings> {
  const env = options.env ?? processEnvironment();
  const file = path ?? env['CONFIG_FILE'] ?? DEFAULT_CONFIG_FILE;
  const text = await readTextFile(file);
  if (text === undefined) throw invalidConfig('config', [`${file} does not exist. Make it, or name another one.`]);
  return parseBackendSettings(text, { ...options, env });
}

const BLOCKS = ['server', 'auth', 'logging', 'cors', 'extensions'];

/** Ours alone: providers expand variables themselves, and one that is switched off may name some that are not set. */
function ownBlocks(whole: unknown): Readonly<Record<string, unknown>> {
  const members = isObject(whole) ? Object.entries(whole) : [];
  return Object.fromEntries(members.filter(([name]) => BLOCKS.includes(name)));
}

type Block = ReturnType<ReturnType<typeof startReading>['block']>;

function authOf(auth: Block, env: Readonly<Record<string, string | undefined>>): BackendAuth {
  const variable = auth.text('api_key_env');
  const password = auth.text('api_password') ?? (variable === undefined ? undefined : env[variable] || undefined);
  const [enabled, publicPaths] = [auth.flag('enabled'), auth.texts('public_paths')];
  return {
    ...(enabled !== undefined && { enabled }),
    ...(password !== undefined && { password }),
    ...(publicPaths && { publicPaths }),
  };
}

function corsOf(cors: Block): BackendCors {
  const enabled = cors.flag('enabled');
  const [origins, methods, headers] = ['allowed_origins', 'allowed_methods', 'allowed_headers'].map(cors.texts);
  return {
    ...(enabled !== undefined && { enabled }),
    ...(origins && { allowedOrigins: origins }),
    ...(methods && { allowedMethods: methods }),
    ...(headers && { allowedHeaders: headers }),
  };
}

function extensionsOf(
  reading: ReturnType<typeof startReading>,
  given: unknown,
): Readonly<Record<string, ExtensionConfig>> {
  const all = isObject(given) ? given : {};
  if (given !== undefined && given !== null && !isObject(given)) reading.wrong('extensions', 'names with settings');
  return Object.fromEntries(
    Object.entries(all).map(([name, each]) => {
      const block = reading.block(each, `extensions.${name}`);
      const [enabled, config] = [block.flag('enabled'), block.object('config')];
      return [name, { ...(enabled !== undefined && { enabled }), ...(config && { config }) }];
    }),
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Reads members of blocks and gathers what is wrong with them. */
function startReading() {
  const mistakes: string[] = [];
  const wrong = (path: string, wanted: string): undefined => void mistakes.push(`${path} must be ${wanted}.`);
  const block = (given: unknown, path: string) => {
    const members = isObject(given) ? given : {};
    if (given !== undefined && given !== null && !isObject(given)) wrong(path, 'members with values');
    const read = <T>(name: string, wanted: string, as: (value: unknown) => T | undefined): T | undefined => {
      const value: unknown = members[name] ?? undefined;
      return value === undefined ? undefined : (as(value) ?? wrong(`${path}.${name}`, wanted));
    };
    return {
      text: (name: string) => read(name, 'text', (value) => (isPlain(value) ? String(value) : undefined)),
      flag: (name: string) =>
        read(name, 'true or false', (value) => [true, false].find((each) => String(each) === String(value))),
      number: (name: string) =>
        read(name, 'a number', (value) =>
          isPlain(value) && Number.isFinite(Number(value)) ? Number(value) : undefined,
        ),
      duration: (name: string) => read(name, 'seconds, e.g. 30, or 30s, 500ms, 2m', durationMs),
      texts: (name: string) =>
        read(name, 'a list of texts', (value) =>
          Array.isArray(value) && value.every((each) => typeof each === 'string') ? (value as string[]) : undefined,
        ),
      object: (name: string) => read(name, 'members with values', (value) => (isObject(value) ? value : undefined)),
      oneOf: <Word extends string>(name: string, words: readonly Word[]) =>
        read(name, `one of: ${words.join(', ')}`, (value) => words.find((each) => each === value)),
    };
  };
  return { mistakes, wrong, block };
}

const isPlain = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

function durationMs(value: unknown): number | undefined {
  const [, number, unit = 's'] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m)?\s*$/.exec(String(value)) ?? [];
  return number === undefined ? undefined : Number(number) * (UNIT_MS[unit] ?? 1);
}
