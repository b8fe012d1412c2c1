import { Secret } from '../credentials/secret.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import type { ChatCompletionStream } from './chat-stream.ts';
import type { ChatCallOptions, GenerateOptions } from './generate-options.ts';
import { withDefaults, type OAuthCredentialSet, type ProviderConfig } from './provider-config.ts';
import { ProviderError } from './provider-error.ts';
import type {
  AuthMethodDetector,
  CredentialProvider,
  HealthStatus,
  Model,
  Provider,
  ProviderAuth,
  ProviderMetrics,
} from './provider.ts';
import type { ProviderType, ToolFormat } from './provider-types.ts';
import type { ServerToolParams, ServerToolResult } from './server-tools.ts';

const UNSEEN: HealthStatus = { healthy: true, lastChecked: 0, message: 'not checked yet', responseTime: 0 };

type Counts = Omit<ProviderMetrics, 'averageLatency' | 'healthStatus'>;
const NOTHING: Counts = { requestCount: 0, successCount: 0, errorCount: 0, totalLatency: 0, tokensUsed: 0 };

/**
 * What providers have in common: settings, sign-in and counts. A provider of one's own extends it, answers in
 * `generateChatCompletion` and says there how each call went.
 */
export abstract class BaseProvider implements Provider, AuthMethodDetector, CredentialProvider {
  protected readonly clock: Clock;
  #config: ProviderConfig;
  #counts: Counts = NOTHING;
  #health: HealthStatus = UNSEEN;

  constructor(
    type: ProviderType,
    config: Omit<ProviderConfig, 'type'> & { readonly type?: ProviderType },
    clock = systemClock,
  ) {
    this.clock = clock;
    this.#config = kept({ ...config, type: config.type ?? type });
  }

  abstract generateChatCompletion(options: GenerateOptions, call?: ChatCallOptions): Promise<ChatCompletionStream>;

  name(): string {
    return this.#config.name ?? this.#config.type;
  }

  type(): ProviderType {
    return this.#config.type;
  }

  description(): string {
    return this.#config.description ?? `${this.name()} language models`;
  }

  /** None, for providers that offer no list. */
  getModels(_call?: ChatCallOptions): Promise<readonly Model[]> {
    return Promise.resolve([]);
  }

  getDefaultModel(): string {
    return this.#config.defaultModel ?? '';
  }

  authenticate({ method, apiKey = '', baseUrl, defaultModel }: ProviderAuth): Promise<void> {
    if (apiKey.trim() === '')
      return Promise.reject(this.invalid('apiKey is empty. Give a key or a token.', 'authenticate'));
    const { apiKey: _, apiKeys: __, oauthCredentials: ___, ...rest } = this.#config;
    const isToken = method === 'oauth' || method === 'bearer_token';
    this.configure({
      ...rest,
      ...(isToken ? { oauthCredentials: [{ accessToken: apiKey }] } : { apiKey }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(defaultModel !== undefined && { defaultModel }),
    });
    return Promise.resolve();
  }

  isAuthenticated(): boolean {
    return this.isApiKeyConfigured() || this.isOAuthConfigured();
  }

  isOAuthConfigured(): boolean {
    return this.getCredentials().length > 0;
  }

  isApiKeyConfigured(): boolean {
    const { apiKey, apiKeys = [] } = this.#config;
    return apiKey !== undefined || apiKeys.length > 0;
  }

  getCredentials(): readonly OAuthCredentialSet[] {
    return this.#config.oauthCredentials ?? [];
  }

  updateCredential(set: OAuthCredentialSet): void {
    const others = this.getCredentials();
    const at = others.findIndex(({ id }) => id === set.id);
    const oauthCredentials = at < 0 ? [...others, set] : others.with(at, set);
    this.configure({ ...this.#config, oauthCredentials });
  }

  logout(): Promise<void> {
    const { apiKey: _, apiKeys: __, oauthCredentials: ___, ...rest } = this.#config;
    this.configure(rest);
    return Promise.resolve();
  }

  configure(config: ProviderConfig): void {
    this.#config = kept(config);
  }

  /** The settings with their defaults. Keys are kept as `Secret`, which prints as `[secret]`. */
  getConfig(): ProviderConfig & { readonly timeout: number; readonly maxRetries: number } {
    return withDefaults(this.#config);
  }

  supportsStreaming(): boolean {
    return this.#config.supportsStreaming ?? true;
  }

  supportsToolCalling(): boolean {
    return this.#config.supportsToolCalling ?? true;
  }

  /** Default: there is no such tool. */
  invokeServerTool(name: string, _params?: ServerToolParams, _call?: ChatCallOptions): Promise<ServerToolResult> {
    return Promise.reject(this.invalid(`It runs no tool called ${name} itself.`, 'invokeServerTool'));
  }

  supportsResponsesApi(): boolean {
    return this.#config.supportsResponsesApi ?? false;
  }

  getToolFormat(): ToolFormat {
    return this.#config.toolFormat ?? 'openai';
  }

  /** Looks how the provider is, see `probe`, and remembers what it saw. */
  async healthCheck(call?: ChatCallOptions): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    try {
      await this.probe(call);
      this.recordHealth({ healthy: true, message: 'ok', responseTime: this.clock.monotonicMs() - startedMs });
    } catch (error) {
      const statusCode = error instanceof ProviderError ? error.statusCode : undefined;
      this.recordHealth({
        healthy: false,
        message: messageOf(error),
        responseTime: this.clock.monotonicMs() - startedMs,
        ...(statusCode !== undefined && { statusCode }),
      });
      throw error;
    }
  }

  getMetrics(): ProviderMetrics {
    const { successCount, totalLatency } = this.#counts;
    const averageLatency = successCount === 0 ? 0 : totalLatency / successCount;
    return { ...this.#counts, averageLatency, healthStatus: this.#health };
  }

  /** A call begins. */
  incrementRequestCount(): void {
    const { requestCount } = this.#counts;
    this.#counts = { ...this.#counts, requestCount: requestCount + 1, lastRequestTime: this.clock.nowMs() };
  }

  /** A call failed. */
  recordError(error: unknown): void {
    this.#counts = {
      ...this.#counts,
      errorCount: this.#counts.errorCount + 1,
      lastErrorTime: this.clock.nowMs(),
      lastError: messageOf(error),
    };
  }

  /** A call went well, after `latencyMs` milliseconds and with this many tokens in all. */
  recordSuccess(latencyMs: number, tokens: number): void {
    const { successCount, totalLatency, tokensUsed } = this.#counts;
    this.#counts = {
      ...this.#counts,
      successCount: successCount + 1,
      totalLatency: totalLatency + latencyMs,
      lastSuccessTime: this.clock.nowMs(),
      tokensUsed: tokensUsed + tokens,
    };
  }

  /** Does what shows best that the provider is well; throws when it is not. Default: asks for its models. */
  protected async probe(call?: ChatCallOptions): Promise<void> {
    await this.getModels(call);
  }

  /** Somebody looked how the provider is. */
  protected recordHealth(seen: Omit<HealthStatus, 'lastChecked'>): void {
    this.#health = { ...seen, lastChecked: this.clock.nowMs() };
  }

  /** The error of a caller's mistake. */
  protected invalid(message: string, operation: string): ProviderError {
    return new ProviderError({
      code: 'invalid_request',
      message: `${this.name()}: ${message}`,
      provider: this.name(),
      operation,
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The settings with everything secret in them held as such, so that printing them shows nothing. */
function kept(config: ProviderConfig): ProviderConfig {
  const { apiKey, apiKeys, oauthCredentials } = config;
  return {
    ...config,
    ...(apiKey !== undefined && { apiKey: secretOf(apiKey) }),
    ...(apiKeys && { apiKeys: apiKeys.map(secretOf) }),
    ...(oauthCredentials && { oauthCredentials: oauthCredentials.map(keptTokens) }),
  };
}

const secretOf = (text: string | Secret): Secret => (text instanceof Secret ? text : new Secret(text.trim()));

function keptTokens(set: OAuthCredentialSet): OAuthCredentialSet {
  const { clientSecret, accessToken, refreshToken } = set;
  return {
    ...set,
    ...(clientSecret !== undefined && { clientSecret: secretOf(clientSecret) }),
    ...(accessToken !== undefined && { accessToken: secretOf(accessToken) }),
    ...(refreshToken !== undefined && { refreshToken: secretOf(refreshToken) }),
  };
}
