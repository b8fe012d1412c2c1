import type { Rotation } from '@patchbay/llm/credentials/rotation';
import type { Credential } from '@patchbay/llm/credentials/credential';
import type { Secret } from '@patchbay/llm/credentials/secret';

import type { GenerationSettings, ResponseCacheSettings } from './generation-settings.ts';
import type { DebugSettings } from './debug-settings.ts';
import type { ManagementSettings } from './management-settings.ts';
import type { LimitRules } from './read-limits.ts';
import type { OAuthSetting } from './oauth-settings.ts';

/** What the operator said about one built-in provider. */
export interface ProviderSetting {
  readonly providerId: string;
  /** Each with its name in logs, e.g. `openai-1`. */
  readonly accounts: readonly Credential[];
  /** Absolute URL without trailing slash, replaces the record's. */
  readonly baseUrl?: string;
  /** Variables of the record that are set, by their names in the environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The five upstream time budgets, in milliseconds; 0 switches one off. `totalMs` spans all attempts. */
export interface TimeoutSettings {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

/** Which bodies of calls are kept. */
export interface CaptureSettings {
  /** `errors`: of calls of which an attempt failed. Default `off` (`CAPTURE_PAYLOADS`). */
  readonly mode: 'off' | 'errors' | 'all';
  /** Whether keys may have all of their calls kept, whatever the mode (`CAPTURE_BY_KEYS`). Default false. */
  readonly byKeys?: boolean;
  /** Longest part of each body that is kept. Default 64 KiB (`CAPTURE_MAX_BYTES`). */
  readonly bytesMax: number;
  /** How long bodies are kept, in whole days. Default 7 (`CAPTURE_DAYS`). */
  readonly days: number;
}

/** Where finished calls go as spans. */
export interface TracingSettings {
  /** The OpenTelemetry receiver that takes traces as JSON over HTTP (`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and its like). */
  readonly url: string;
  /** What it is sent besides, by lower-case name (`OTEL_EXPORTER_OTLP_HEADERS`). */
  readonly headers: Readonly<Record<string, Secret>>;
  /** Default `patchbay` (`OTEL_SERVICE_NAME`). */
  readonly serviceName: string;
}

/** Every setting, checked and frozen. Secrets are wrapped. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly gatewayApiKey?: Secret;
  /** PostgreSQL in the place of the embedded store (`DATABASE_URL`). */
  readonly databaseUrl?: Secret;
  /** Redis or Valkey, by which processes agree (`REDIS_URL`, or `REDIS_HOST` and its like). */
  readonly redisUrl?: Secret;
  /** Keys for secrets at rest: the first seals, all open (`ENCRYPTION_KEY`). Empty: one is kept in the data folder. */
  readonly encryptionKeys: readonly Secret[];
  /** How long the log of calls is kept, in days; 0 for ever. Default 30 (`LOG_RETENTION_DAYS`). */
  readonly logRetentionDays: number;
  readonly capture: CaptureSettings;
  /** Absent: no spans are made. */
  readonly tracing?: TracingSettings;
  readonly providers: readonly ProviderSetting[];
  /** Where the operator says that providers are, by id, with an account in the settings or without. Default none. */
  readonly addresses?: ReadonlyMap<string, string>;
  /** How accounts of each provider are signed in to by OAuth, configured or not. */
  readonly oauth: readonly OAuthSetting[];
  /** Where browsers are sent back to; absent: this listener, on this machine (`OAUTH_REDIRECT_URL`). */
  readonly oauthRedirectUrl?: string;
  /** Operator's names for models: alias to `provider/model` targets, tried in order (`MODEL_ALIASES`). */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** How to choose among a provider's accounts, by `provider/model`, provider or `*` (`ACCOUNT_POLICIES`). */
  readonly accountPolicies: ReadonlyMap<string, Rotation>;
  /** Limits of all keys, users and models, besides those of single keys (`LIMITS`). */
  readonly limits: LimitRules;
  readonly timeouts: TimeoutSettings;
  /** Silence of a stream after which its client is told that it lives, in milliseconds. Default 15,000 (`STREAM_KEEP_ALIVE_MS`). */
  readonly keepAliveMs: number;
  /** Longest request body taken, in bytes. Default 32 MiB (`BODY_LIMIT_BYTES`). */
  readonly bodyLimitBytes: number;
  /** Requests served at once; more get 429/503/529 in the caller's dialect. Default 2,000 (`MAX_IN_FLIGHT`). */
  readonly maxInFlight: number;
  /** How long answers of the Responses API are kept, in days; 0 keeps none. Default 30 (`RESPONSES_RETENTION_DAYS`). */
  readonly responsesRetentionDays: number;
  /** How long a client may take no bytes before it is cut, in milliseconds. Default 30,000 (`CLIENT_STALL_MS`). */
  readonly clientStallMs: number;
  /** How long SIGTERM waits for running requests, in milliseconds. Default 120,000 (`DRAIN_MS`). */
  readonly drainMs: number;
  readonly egressAllow: readonly string[];
  readonly management: ManagementSettings;
  readonly generation: GenerationSettings;
  /** Absent: every call of every key goes to its provider. */
  readonly responseCache?: ResponseCacheSettings;
  readonly debug: DebugSettings;
  readonly log: {
    readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
    readonly format: 'pretty' | 'json';
    /** Folder where the log is also kept in a file (`LOG_DIR`). */
    readonly folder?: string;
  };
}
