import { systemClock, type Clock } from '../model/clock.ts';
import { safeLines, type LogOptions } from '../observe/logger.ts';
import { canonicalJson } from '../plugins/canonical-json.ts';
import { ExtensionRegistry } from '../plugins/extensions.ts';
import { InterceptorChain } from '../plugins/interceptors.ts';
import { PluginManager, type Plugin } from '../plugins/plugin-manager.ts';
import { newChatStream, type ChatCompletionChunk } from './chat-stream.ts';
import type { GenerateOptions } from './generate-options.ts';
import type { Provider } from './provider.ts';
import { wrapProvider } from './wrap-provider.ts';

export { createMiddlewareChain as newMiddlewareChain } from '../plugins/middleware-chain.ts';

/** A plugin of providers: see `Plugin`. */
export type ChatPlugin = Plugin<GenerateOptions, ChatCompletionChunk>;
/** Plugins of providers, in the order in which they were registered. */
export type ChatPluginManager = PluginManager<GenerateOptions, ChatCompletionChunk>;

/** A manager without plugins. */
export const newPluginManager = (): ChatPluginManager => new PluginManager();

/** A registry without extensions. */
export const newExtensionRegistry = <Request extends object, Response extends object>(): ExtensionRegistry<
  Request,
  Response
> => new ExtensionRegistry();

/** A chain without interceptors. */
export const newInterceptorChain = <Input, Output>(): InterceptorChain<Input, Output> => new InterceptorChain();

/** The same provider with the manager's plugins before each request and at each piece of its answer. */
export function withPlugins(provider: Provider, manager: ChatPluginManager): Provider {
  return wrapProvider(provider, async (asked, call) => {
    const { options, answer } = await manager.executePreRequest(asked);
    if (answer !== undefined) return newChatStream(shown(answer, options, manager));
    const stream = await provider.generateChatCompletion(options, call);
    return newChatStream(shown(stream, options, manager), () => void stream.close());
  });
}

async function* shown(
  chunks: AsyncIterable<ChatCompletionChunk> | Iterable<ChatCompletionChunk>,
  options: GenerateOptions,
  manager: ChatPluginManager,
): AsyncGenerator<ChatCompletionChunk> {
  for await (const chunk of chunks) yield await manager.executePostResponse(chunk, options);
}

/** Puts something around a provider. */
export type MiddlewareFunc = (provider: Provider) => Provider;

/** The provider with all of these around it, the first outermost. */
export const applyMiddleware = (provider: Provider, ...all: readonly MiddlewareFunc[]): Provider =>
  all.reduceRight((inner, wrap) => wrap(inner), provider);

/** Writes when requests to a provider start, succeed and fail. Neither what was said nor a credential is written. */
export function withLogging(options: LogOptions): MiddlewareFunc {
  const write = safeLines(options);
  return (provider) =>
    wrapProvider(provider, async (asked, call) => {
      const fields = { provider: provider.name(), model: asked.model ?? provider.getDefaultModel() };
      write('info', 'Request started', fields);
      try {
        const stream = await provider.generateChatCompletion(asked, call);
        write('info', 'Request succeeded', fields);
        return stream;
      } catch (error) {
        write('error', 'Request failed', { ...fields, error });
        throw error;
      }
    });
}

/** How the cache plugin remembers. */
export interface CachePluginOptions {
  /** How long an answer is given again, in milliseconds. Default 300 000. */
  readonly ttl?: number;
  /** Answers remembered; the one stored longest ago makes room. Default 1 000. */
  readonly maxEntries?: number;
  readonly clock?: Clock;
}

/**
 * A plugin named `cache` that gives the answer to the very same options again, piece by piece as it came. Answers that
 * broke or were left are not remembered. Register it last, so that it sees the options as they are sent.
 */
export function newCachePlugin({ ttl = 300_000, maxEntries = 1000, clock = systemClock }: CachePluginOptions = {}) {
  const known = new Map<string, { readonly chunks: readonly ChatCompletionChunk[]; readonly untilMs: number }>();
  const coming = new WeakMap<GenerateOptions, ChatCompletionChunk[]>();
  const keyOf = ({ timeout: _timeout, metadata: _metadata, ...options }: GenerateOptions): string =>
    canonicalJson(options);
  return {
    name: 'cache',
    preRequest(options) {
      const key = keyOf(options);
      const entry = known.get(key);
      if (entry !== undefined && entry.untilMs > clock.monotonicMs()) return { answer: entry.chunks };
      known.delete(key);
      // A copy, so that pieces of this very call are told from those of others with the same options.
      const own = { ...options };
      coming.set(own, []);
      return own;
    },
    postResponse(chunk, options) {
      const chunks = coming.get(options);
      chunks?.push(chunk);
      if (!chunk.done || chunks === undefined) return;
      coming.delete(options);
      known.set(keyOf(options), { chunks, untilMs: clock.monotonicMs() + ttl });
      for (const oldest of known.keys()) {
        if (known.size <= maxEntries) break;
        known.delete(oldest);
      }
    },
    close: () => known.clear(),
  } satisfies ChatPlugin;
}
