export { createCatalog, type Catalog, type FoundModel, type NameMatch } from './catalog/catalog.ts';
export type { CatalogData } from './catalog/catalog-data.ts';
export { catalogProblems } from './catalog/catalog-problems.ts';
export { costOf, type Cost } from './catalog/cost.ts';
export { loadCatalog } from './catalog/load-catalog.ts';
export type { Capabilities, Modality, ModelRecord, ThinkingControls } from './catalog/model-record.ts';
export type { Price, PriceList, Rates } from './catalog/price.ts';
export type { CountedTokens } from './client/count-tokens.ts';
export { createClient, type ClientOptions } from './client/create-client.ts';
export type { EmbedAsk, Embedded } from './client/embed.ts';
export type { GeneratedImages, ImageAsk } from './client/generate-image.ts';
export type { ListedModel, ListOptions } from './client/list-models.ts';
export type { Timeouts } from './client/watchdog.ts';
export type { Clock } from './model/clock.ts';
export { isOutput, type PartDelta } from './model/event.ts';
export type { Extras, WireFormatId } from './model/extras.ts';
export type { Result, TimeoutPhase } from './model/failure.ts';
export type { Finish, FinishReason } from './model/finish.ts';
export { collect, replay } from './model/fold.ts';
export type { Json, JsonObject } from './model/json.ts';
export type { AttemptEnd, AttemptFacts, CallEnd, CallFacts, CallOperation } from './model/observer.ts';
export type { AssistantMessage, SystemMessage, ToolMessage, UserMessage } from './model/message.ts';
export type { MediaPart, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from './model/part.ts';
export type { GenerationRequest, OutputFormat, ReasoningSettings } from './model/request.ts';
export type { GenerationResponse } from './model/response.ts';
export type { FunctionTool, Tool, ToolChoice } from './model/tool.ts';
export {
  defineProvider,
  type EndpointId,
  type ProviderRecord,
  type ServedEndpoint,
  type Speaks,
} from './providers/define-provider.ts';
export { familyOf, type Family, type FamilyFacts } from './providers/families.ts';
export { PROVIDERS, providerById, type ProviderId } from './providers/registry.ts';
export { simulatorExchange } from './providers/simulator/exchange.ts';
export type { Checked, StandardSchema } from './tools/standard-schema.ts';
export {
  fixedCostCalculator,
  catalogCostCalculator,
  type CostAmount,
  type CostCalculator,
  type ThousandPrices,
} from './observe/cost-calculator.ts';
export { loggedExchange, type ExchangeLogOptions } from './observe/logged-exchange.ts';
export type { LogFields, Logger, LogLevel, LogOptions } from './observe/logger.ts';
export {
  METRIC_EVENT_TYPES,
  type MetricEvent,
  type MetricEventType,
  type MetricFilter,
} from './observe/metric-event.ts';
export {
  createMetricsCollector,
  type CollectorOptions,
  type ErrorTotals,
  type MetricsCollector,
  type MetricsSnapshot,
} from './observe/metrics-collector.ts';
export { observeLog } from './observe/observe-log.ts';
export { observeMetrics } from './observe/observe-metrics.ts';
export { observers } from './observe/observers.ts';
export { observeSpans } from './observe/observe-spans.ts';
export type { HistogramSummary } from './observe/ring-histogram.ts';
export type { Subscription } from './observe/subscription.ts';
export type { StreamTotals, TokenTotals, Totals } from './observe/tally.ts';
export type { TracedSpan, Tracer } from './observe/tracer.ts';
export { EXTENSION_PRIORITY, ExtensionRegistry, type Extension, type ExtensionConfig } from './plugins/extensions.ts';
export { InterceptorChain, type Interceptor } from './plugins/interceptors.ts';
export { createMiddlewareChain, type MiddlewareChain } from './plugins/middleware-chain.ts';
export type { CallContext, GenerateNext, Middleware, MiddlewareCall, StreamNext } from './plugins/middleware.ts';
export { phases, type Phases } from './plugins/phases.ts';
export { PluginError } from './plugins/plugin-error.ts';
export { PluginManager, type Plugin, type PluginAnswer, type PreRequest } from './plugins/plugin-manager.ts';
export { pluginMiddleware } from './plugins/plugin-middleware.ts';
export {
  CACHE_NOTE,
  createResponseCache,
  type ResponseCache,
  type ResponseCacheOptions,
} from './plugins/response-cache.ts';
export {
  createLimiter,
  LIMITER_CODE,
  type LimiterOptions,
  type LimitRates,
  type LimitReader,
} from './resilience/limiter/create-limiter.ts';
export type { LimitAsk, Limiter, Reservation } from './resilience/limiter/limiter.ts';
export { RateLimitTracker } from './resilience/limiter/rate-limit-tracker.ts';
export { TokenBucket, type TokenBucketOptions } from './resilience/limiter/token-bucket.ts';
export {
  RETRY_POLICIES,
  RETRYABLE_STATUSES,
  retryPolicyOf,
  withRetries,
  type BackoffKind,
  type JitterKind,
  type RetryOption,
  type RetryPolicy,
  type RetryRun,
} from './resilience/retry-policy.ts';
export type { RateLimit, RateLimitInfo, RateLimits } from './model/rate-limits.ts';
export { fetchExchange } from './transport/fetch-exchange.ts';
export { readRateLimits, type RateLimitSource } from './transport/rate-limit-headers.ts';
export type { Exchange, UpstreamRequest, UpstreamResponse } from './transport/exchange.ts';
export type { Loss } from './wire/codec.ts';
export * from './core.ts';
export * from './kit/index.ts';
