import type { AuthConfig } from '../credentials/authenticators/authenticator.ts';
import type { ChatCompletionStream } from './chat-stream.ts';
import type { ChatCallOptions, GenerateOptions } from './generate-options.ts';
import type { OAuthCredentialSet, ProviderConfig } from './provider-config.ts';
import type { ServerToolParams, ServerToolResult } from './server-tools.ts';
import type { TestOptions } from './test-provider.ts';
import type { TestResult } from './test-result.ts';
import type { ProviderType, ToolFormat } from './provider-types.ts';

/** A model that a provider serves. Members are absent where neither the provider nor the catalogue knows. */
export interface Model {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly description?: string;
  /** Prompt and answer together, in tokens. */
  readonly maxTokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly supportsStreaming?: boolean;
  readonly supportsToolCalling?: boolean;
  readonly supportsResponsesApi?: boolean;
  readonly capabilities?: readonly string[];
  /** Dollars per million tokens. */
  readonly pricing?: { readonly inputTokenPrice: number; readonly outputTokenPrice: number; readonly unit: string };
}

/** Whether a provider was well when it was last looked at. */
export interface HealthStatus {
  readonly healthy: boolean;
  /** Milliseconds since 1970; 0 when it was never looked at. */
  readonly lastChecked: number;
  readonly message: string;
  /** Milliseconds. */
  readonly responseTime: number;
  /** The HTTP status of a refusal. */
  readonly statusCode?: number;
}

/** What a provider did so far. Times are milliseconds since 1970, latencies milliseconds. */
export interface ProviderMetrics {
  readonly requestCount: number;
  readonly successCount: number;
  readonly errorCount: number;
  readonly totalLatency: number;
  readonly averageLatency: number;
  readonly lastRequestTime?: number;
  readonly lastSuccessTime?: number;
  readonly lastErrorTime?: number;
  readonly lastError?: string;
  readonly tokensUsed: number;
  readonly healthStatus: HealthStatus;
}

/** What a provider is. */
export interface CoreProvider {
  name(): string;
  type(): ProviderType;
  description(): string;
}

/** What a provider serves. */
export interface ModelProvider {
  /** The provider's list, from a cache while it is fresh. Throws `ProviderError` when nothing at all is known. */
  getModels(context?: ChatCallOptions): Promise<readonly Model[]>;
  /** The model of calls that name none; empty when there is none. */
  getDefaultModel(): string;
}

/** New credentials of a provider: `apiKey` is a key, or a token for `bearer_token` and `oauth`. */
export interface ProviderAuth extends AuthConfig {
  readonly baseUrl?: string;
  readonly defaultModel?: string;
}

/** A provider that is signed in to. */
export interface AuthenticatedProvider {
  /** Takes new credentials in the place of the old ones. Throws `ProviderError` of code `invalid_request`. */
  authenticate(config: ProviderAuth): Promise<void>;
  isAuthenticated(): boolean;
  /** Forgets the credentials. */
  logout(): Promise<void>;
}

/** A provider whose settings can be changed. Calls on their way keep the old ones. */
export interface ConfigurableProvider {
  configure(config: ProviderConfig): void;
  getConfig(): ProviderConfig;
}

/** A provider that answers. */
export interface ChatProvider {
  /** Throws `ProviderError` when no answer begins; the stream throws it when an answer that has begun breaks. */
  generateChatCompletion(options: GenerateOptions, context?: ChatCallOptions): Promise<ChatCompletionStream>;
}

/** What a provider makes of tools. */
export interface ToolCallingProvider {
  /**
   * Has a tool run that the provider runs itself, e.g. `web_search`, on an input: `params.input` is what the model is to do
   * with it, everything else are the tool's own settings. Throws `ProviderError` of code `invalid_request` where there is
   * no such tool.
   */
  invokeServerTool(name: string, params?: ServerToolParams, context?: ChatCallOptions): Promise<ServerToolResult>;
  supportsToolCalling(): boolean;
  getToolFormat(): ToolFormat;
}

/** What a provider is able to do besides. */
export interface CapabilityProvider {
  supportsStreaming(): boolean;
  supportsResponsesApi(): boolean;
}

/** How a provider is. */
export interface HealthProvider {
  /** Asks the provider for its models; throws `ProviderError` when that fails. */
  healthCheck(context?: ChatCallOptions): Promise<void>;
  getMetrics(): ProviderMetrics;
}

/** A provider of language models. */
export interface Provider
  extends
    CoreProvider,
    ModelProvider,
    AuthenticatedProvider,
    ConfigurableProvider,
    ChatProvider,
    ToolCallingProvider,
    CapabilityProvider,
    HealthProvider {}

/** A provider that tells how it is signed in to. Not every one does: see `detectsAuthMethod`. */
export interface AuthMethodDetector {
  isOAuthConfigured(): boolean;
  isApiKeyConfigured(): boolean;
}

/** A provider whose connection and credentials can be tried. See `isTestable`. */
export interface TestableProvider {
  testConnectivity(options?: TestOptions): Promise<TestResult>;
}

/** A provider whose OAuth accounts can be read and changed. See `isCredentialProvider`. */
export interface CredentialProvider {
  /** Secrets in them print as `[secret]`. */
  getCredentials(): readonly OAuthCredentialSet[];
  /** Takes the place of the account with the same `id`, or is added; for the next call. */
  updateCredential(set: OAuthCredentialSet): void;
}

const can = (provider: object, ...members: readonly string[]): boolean =>
  members.every((name) => name in provider && typeof Reflect.get(provider, name) === 'function');

/** Whether a provider is an `AuthMethodDetector`. */
export const detectsAuthMethod = <P extends object>(provider: P): provider is P & AuthMethodDetector =>
  can(provider, 'isOAuthConfigured', 'isApiKeyConfigured');

/** Whether a provider is a `TestableProvider`. */
export const isTestable = <P extends object>(provider: P): provider is P & TestableProvider =>
  can(provider, 'testConnectivity');

/** Whether a provider is a `CredentialProvider`. */
export const isCredentialProvider = <P extends object>(provider: P): provider is P & CredentialProvider =>
  can(provider, 'getCredentials', 'updateCredential');
