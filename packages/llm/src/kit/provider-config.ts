import type { Credential } from '../credentials/credential.ts';
import type { Secret } from '../credentials/secret.ts';
import type { ProviderType, ToolFormat } from './provider-types.ts';

/** How much may be asked of a provider. An absent bound does not bind. */
export interface RateLimitConfig {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly requestsPerDay?: number;
  /** Default false: the bounds are written down but not kept. */
  readonly enabled?: boolean;
}

/** An account that presents tokens which end. Times are milliseconds since 1970 or dates. */
export interface OAuthCredentialSet {
  readonly id?: string;
  readonly clientId?: string;
  readonly clientSecret?: string | Secret;
  readonly accessToken?: string | Secret;
  readonly refreshToken?: string | Secret;
  readonly expiresAt?: number | Date;
  /** Where new tokens are bought. Default: at the provider's own authorization server, where it has one. */
  readonly tokenUrl?: string;
  readonly scopes?: readonly string[];
  readonly lastRefresh?: number | Date;
  readonly refreshCount?: number;
  /** Told of new tokens, to keep them. */
  readonly onTokenRefresh?: (id: string, access: string, refresh: string, expires: Date) => void | Promise<void>;
}

/** What a model is able to do, where the provider does not say it or says it wrong. */
export interface ModelCapability {
  readonly maxTokens?: number;
  readonly contextWindow?: number;
  readonly supportsStreaming?: boolean;
  readonly supportsTools?: boolean;
  readonly supportsVision?: boolean;
  readonly capabilities?: readonly string[];
}

/** One provider as a program wants it. Only `type` is needed; what else is needed depends on the provider. */
export interface ProviderConfig {
  readonly type: ProviderType;
  /** Tells providers of one type apart. Default: the type. */
  readonly name?: string;
  readonly description?: string;
  /** Where the provider is. Default: the vendor's own address. */
  readonly baseUrl?: string;
  readonly apiKey?: string | Secret;
  /** Name of the variable that holds the key, where `apiKey` does not. */
  readonly apiKeyEnv?: string;
  /** Several keys; the next one is used when one is refused or exhausted. Tried after `apiKey`. */
  readonly apiKeys?: readonly (string | Secret)[];
  readonly oauthCredentials?: readonly OAuthCredentialSet[];
  /** Accounts by their parts, for providers that want whole requests signed, such as Amazon's and Google's clouds. */
  readonly accounts?: readonly Credential[];
  /** Model of calls that name none. Default: the provider's own, see `defaultModelOf`. */
  readonly defaultModel?: string;
  /** Sent with every request; they win over the provider's own. Names in any case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest silence of the provider, in milliseconds: until it answers and between two pieces. Default 30 000. */
  readonly timeout?: number;
  /** Further attempts after the first. Default 3; 0 means one attempt. */
  readonly maxRetries?: number;
  readonly rateLimit?: RateLimitConfig;
  /** Longest answer of calls that name none, in tokens. */
  readonly maxTokens?: number;
  readonly modelCapabilities?: Readonly<Record<string, ModelCapability>>;
  readonly supportsStreaming?: boolean;
  readonly supportsToolCalling?: boolean;
  readonly supportsResponsesApi?: boolean;
  readonly toolFormat?: ToolFormat;
  /** Settings of one provider, e.g. a virtual provider's strategy or `AWS_REGION`. */
  readonly providerConfig?: Readonly<Record<string, unknown>>;
}

/** What counts where nothing is configured. `temperature` and `maxTokens` are for programs; calls send neither unasked. */
export const DEFAULTS = { timeout: 30_000, maxRetries: 3, temperature: 0.7, maxTokens: 1000 } as const;

/** The config with the defaults in the places that are left open. An explicit 0 is kept. */
export const withDefaults = <Config extends Partial<ProviderConfig>>(
  config: Config,
): Config & { readonly timeout: number; readonly maxRetries: number } => ({
  ...config,
  timeout: config.timeout ?? DEFAULTS.timeout,
  maxRetries: config.maxRetries ?? DEFAULTS.maxRetries,
});
