import { readProviderBlock } from '../kit/config/read-provider-block.ts';
import { configMistakes } from '../kit/check-config.ts';
import { DEFAULTS, type ProviderConfig } from '../kit/provider-config.ts';
import { ProviderError } from '../kit/provider-error.ts';
import type { Provider } from '../kit/provider.ts';
import { BackendError, backendErrorOf } from './backend-error.ts';
import { providerOf, within, type BackendContext } from './context.ts';
import type { BackendCall, Route } from './path-table.ts';
import { presentHealth, presentModel, presentProvider, presentUsage } from './present.ts';
import { readTest } from './read-generate.ts';

const PATH = '/api/providers/{name}';

/** `/api/providers` and everything below: lists, settings, looks and tests. */
export const providerRoutes = (context: BackendContext): readonly Route[] => [
  { method: 'GET', path: '/api/providers', handle: () => list(context) },
  { method: 'GET', path: PATH, handle: (call) => detail(context, call) },
  { method: 'PUT', path: PATH, handle: (call) => change(context, call) },
  { method: 'POST', path: PATH, handle: (call) => change(context, call) },
  { method: 'GET', path: `${PATH}/health`, handle: (call) => look(context, call) },
  { method: 'GET', path: `${PATH}/models`, handle: (call) => models(context, call) },
  { method: 'POST', path: `${PATH}/test`, handle: (call) => test(context, call) },
];

const nameIn = ({ params }: BackendCall): string => params['name'] ?? '';

function list({ providers }: BackendContext) {
  const all = [...providers].map(([name, provider]) => ({ ...presentProvider(provider), name }));
  return { providers: all, count: all.length };
}

function detail(context: BackendContext, call: BackendCall) {
  const name = nameIn(call);
  return presentDetail(providerOf(context, name), name);
}

/** No credential is shown, not even masked: that there is one is said by `authenticated`. */
function presentDetail(provider: Provider, name: string) {
  const { baseUrl, timeout = DEFAULTS.timeout, maxRetries, maxTokens, rateLimit } = provider.getConfig();
  const metrics = provider.getMetrics();
  return {
    ...presentProvider(provider),
    name,
    config: {
      timeout: timeout / 1000,
      max_retries: maxRetries ?? DEFAULTS.maxRetries,
      ...(baseUrl !== undefined && { base_url: baseUrl }),
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
      ...(rateLimit?.enabled === true && {
        rate_limit: {
          requests_per_minute: rateLimit.requestsPerMinute ?? null,
          tokens_per_minute: rateLimit.tokensPerMinute ?? null,
          requests_per_day: rateLimit.requestsPerDay ?? null,
        },
      }),
    },
    metrics: {
      requests: metrics.requestCount,
      successes: metrics.successCount,
      errors: metrics.errorCount,
      average_latency: Math.round(metrics.averageLatency),
      tokens_used: metrics.tokensUsed,
    },
  };
}

/** Settings under their names in YAML; what is not said stays. Counts until the backend ends: nothing is written. */
async function change(context: BackendContext, call: BackendCall) {
  const name = nameIn(call);
  const provider = providerOf(context, name);
  const body = await context.body(call.request);
  // Variables are the operator's: a caller who could name them could have their values sent to an address of his own.
  const read = readProviderBlock(body, { path: name, env: {}, type: provider.type() });
  if (!read.ok)
    throw new BackendError('CONFIG_ERROR', { message: read.failure.message, details: { path: read.failure.path } });
  const { type, ...said } = read.value;
  if (type !== provider.type())
    throw new BackendError('CONFIG_ERROR', { message: `type cannot be changed: ${name} is ${provider.type()}.` });
  const config: ProviderConfig = { ...provider.getConfig(), ...said };
  const [wrong] = configMistakes(config);
  if (wrong !== undefined) throw new BackendError('CONFIG_ERROR', { message: wrong });
  try {
    provider.configure(config);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new BackendError('CONFIG_ERROR', { message: error.message, cause: error });
  }
  return presentDetail(provider, name);
}

async function look(context: BackendContext, call: BackendCall) {
  const { clock, healthTimeoutMs } = context;
  const name = nameIn(call);
  const provider = providerOf(context, name);
  const startedMs = clock.monotonicMs();
  try {
    await within(clock, healthTimeoutMs, call.request.signal, (signal) => provider.healthCheck({ signal }));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { message } = backendErrorOf('TEST_FAILED', error);
    const status = error.statusCode === undefined ? {} : { statusCode: error.statusCode };
    const seen = { healthy: false, lastChecked: clock.nowMs(), message, ...status };
    return presentHealth(name, { ...seen, responseTime: clock.monotonicMs() - startedMs });
  }
  return presentHealth(name, provider.getMetrics().healthStatus);
}

async function models(context: BackendContext, call: BackendCall) {
  const provider = providerOf(context, nameIn(call));
  try {
    const all = await provider.getModels({ signal: call.request.signal });
    return { models: all.map(presentModel), count: all.length };
  } catch (error) {
    throw backendErrorOf('GENERATION_ERROR', error);
  }
}

/** Asks the provider a question and waits for the whole answer. */
async function test(context: BackendContext, call: BackendCall) {
  const { clock } = context;
  const name = nameIn(call);
  const provider = providerOf(context, name);
  const body = await context.body(call.request);
  const read = readTest(body, name);
  if (!read.ok)
    throw new BackendError('INVALID_REQUEST', { message: read.failure.message, details: { path: read.failure.path } });
  const { options } = read.value;
  const startedMs = clock.monotonicMs();
  try {
    return await within(clock, context.testTimeoutMs, call.request.signal, async (signal) => {
      const stream = await provider.generateChatCompletion(options, { signal, correlationId: call.requestId });
      let response = '';
      let usage = {};
      for await (const chunk of stream) {
        response += chunk.content;
        if (chunk.usage) usage = { usage: presentUsage(chunk.usage) };
      }
      return {
        status: 'success',
        provider: name,
        model: options.model ?? provider.getDefaultModel(),
        prompt: options.prompt ?? '',
        response,
        response_time: Math.round(clock.monotonicMs() - startedMs),
        ...usage,
      };
    });
  } catch (error) {
    throw backendErrorOf('TEST_FAILED', error);
  }
}
