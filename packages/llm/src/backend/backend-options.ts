import type { AuthManager } from '../credentials/authenticators/auth-manager.ts';
import type { KitConfig } from '../kit/config/parse-config.ts';
import type { ProviderParts } from '../kit/connect.ts';
import type { Provider } from '../kit/provider.ts';
import type { Clock } from '../model/clock.ts';
import type { LogLevel, Logger } from '../observe/logger.ts';
import type { MetricsCollector } from '../observe/metrics-collector.ts';
import type { ExtensionConfig } from '../plugins/extensions.ts';
import type { BackendExtension } from './backend-extension.ts';

/** Who may use a backend. */
export interface BackendAuth {
  /** Default true where there is a password. */
  readonly enabled?: boolean;
  /** What callers present: `Authorization: Bearer <password>`. */
  readonly password?: string;
  /** Beginnings of paths that are open to everybody, by whole segments. Default `/health` and `/version`. */
  readonly publicPaths?: readonly string[];
}

/** Which pages of other origins a browser lets use a backend. */
export interface BackendCors {
  /** Default true where origins are named. */
  readonly enabled?: boolean;
  /** Origins such as `https://app.example.com`, or `*` for all. Default none. */
  readonly allowedOrigins?: readonly string[];
  /** Default `GET`, `POST`, `PUT`, `DELETE`. */
  readonly allowedMethods?: readonly string[];
  /** Default `authorization`, `content-type`, `x-request-id`. */
  readonly allowedHeaders?: readonly string[];
}

/** What a backend is made with. One of `providers` and `config` is needed; the rest is optional. */
export interface BackendOptions {
  /** Providers by the names they are asked for under. */
  readonly providers?: Readonly<Record<string, Provider>>;
  /** Providers as a file says them, see `loadConfig`; they are made with `parts`. */
  readonly config?: Pick<KitConfig, 'providers'>;
  readonly parts?: ProviderParts;
  /** The provider of requests that name none. Default: the first. */
  readonly defaultProvider?: string;
  readonly auth?: BackendAuth;
  readonly cors?: BackendCors;
  readonly extensions?: readonly BackendExtension[];
  /** How extensions are set up, by name. Default: all run, without settings. */
  readonly extensionConfigs?: Readonly<Record<string, ExtensionConfig>>;
  /** Accounts that are signed in to under `/api/oauth`. A provider of the same name then answers with their tokens. */
  readonly oauth?: AuthManager;
  /** Counts; also what `/metrics` shows. Default: one of its own. */
  readonly collector?: MetricsCollector;
  /** Writes a line for every request. Default: nobody does. */
  readonly logger?: Logger;
  /** Default `info`. */
  readonly logLevel?: LogLevel;
  /** What `/version` says. Default `1.0.0`. */
  readonly version?: string;
  /** Default 10 MiB. */
  readonly bodyLimitBytes?: number;
  /** Longest look of `GET /api/providers/{name}/health`, in milliseconds. Default 10 000. */
  readonly healthTimeoutMs?: number;
  /** Longest test of `POST /api/providers/{name}/test`, in milliseconds. Default 30 000. */
  readonly testTimeoutMs?: number;
  readonly clock?: Clock;
}
