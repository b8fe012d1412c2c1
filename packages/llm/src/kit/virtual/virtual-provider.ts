import type { Clock } from '../../model/clock.ts';
import { systemRandom } from '../../model/clock.ts';
import type { MetricEvent } from '../../observe/metric-event.ts';
import { BaseProvider } from '../base-provider.ts';
import { newChatStream, type ChatCompletionChunk, type ChatCompletionStream } from '../chat-stream.ts';
import { invalidConfig } from '../check-config.ts';
import type { ChatCallOptions } from '../generate-options.ts';
import { ProviderError } from '../provider-error.ts';
import type { Model, Provider } from '../provider.ts';

/** What every provider over providers is made with. */
export interface VirtualConfig {
  /** Default: what kind of provider it is, e.g. `racing`. */
  readonly name?: string;
  readonly providers?: readonly Provider[];
  readonly clock?: Clock;
  /** A number from 0 up to 1. */
  readonly random?: () => number;
  /** Is told of switches, races and breakers. */
  readonly collector?: { recordEvent(event: MetricEvent): void };
}

/** Settings of a virtual provider, or just the providers it stands for. */
export type VirtualInput<Config> = Config | readonly Provider[];

/** Reads what the constructors take: `(settings)`, `(providers)`, and both with a name before them. */
export function readVirtualInput<Config extends VirtualConfig>(
  first: string | VirtualInput<Config>,
  second?: VirtualInput<Config>,
): Config {
  const input = typeof first === 'string' ? (second ?? []) : first;
  const config = (Array.isArray(input) ? { providers: input } : input) as Config;
  return typeof first === 'string' ? { ...config, name: first } : config;
}

/** A provider that answers through others. */
export abstract class VirtualProvider extends BaseProvider {
  protected readonly random: () => number;
  readonly #collector: VirtualConfig['collector'];
  #providers: readonly Provider[];

  constructor(type: string, { name, providers = [], clock, random = systemRandom, collector }: VirtualConfig) {
    super(type, name === undefined ? {} : { name }, clock);
    this.random = random;
    this.#collector = collector;
    this.#providers = checked(type, providers);
  }

  /** Those it answers through, in their order. */
  getProviders(): readonly Provider[] {
    return this.#providers;
  }

  /** Answers through these from now on. Throws `ProviderError` of code `invalid_config` for what is no provider. */
  setProviders(providers: readonly Provider[]): void {
    this.#providers = checked(this.type(), providers);
  }

  override description(): string {
    return `${this.type()} over ${this.#providers.map((each) => each.name()).join(', ')}`;
  }

  /** The models of all, each once for every provider that has it. Fails only when every list fails. */
  override async getModels(call?: ChatCallOptions): Promise<readonly Model[]> {
    const lists = await Promise.allSettled(this.#providers.map((each) => each.getModels(call)));
    const [first] = lists;
    if (first?.status === 'rejected' && lists.every(({ status }) => status === 'rejected')) throw first.reason;
    return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
  }

  override getDefaultModel(): string {
    return this.#providers[0]?.getDefaultModel() ?? '';
  }

  override isAuthenticated(): boolean {
    return this.#providers.some((each) => each.isAuthenticated());
  }

  override supportsStreaming(): boolean {
    return this.#providers.every((each) => each.supportsStreaming());
  }

  override supportsToolCalling(): boolean {
    return this.#providers.every((each) => each.supportsToolCalling());
  }

  /** Tells the collector. */
  protected tell(event: Omit<MetricEvent, 'provider'> & { readonly provider?: string }): void {
    this.#collector?.recordEvent({ provider: this.name(), ...event });
  }

  /** Throws where there is nobody to ask. */
  protected needProviders(): readonly [Provider, ...Provider[]] {
    const [first, ...rest] = this.#providers;
    if (first !== undefined) return [first, ...rest];
    throw new ProviderError({
      code: 'invalid_config',
      message: 'no providers available. Give providers, or call setProviders.',
      provider: this.name(),
      operation: 'generateChatCompletion',
    });
  }

  /** The error of a call that nobody answered: its message ends with that of the last one asked. */
  protected allFailed(errors: readonly unknown[]): ProviderError {
    const last = errors.at(-1);
    const text = last instanceof Error ? last.message : 'the call was cancelled';
    const known = last instanceof ProviderError ? last : undefined;
    return new ProviderError({
      code: known?.code ?? 'unknown',
      message: `all providers failed, last error: ${text}`,
      provider: this.name(),
      operation: 'generateChatCompletion',
      cause: last,
      ...(known?.statusCode !== undefined && { statusCode: known.statusCode }),
      ...(known?.retryAfter !== undefined && { retryAfter: known.retryAfter }),
    });
  }

  /** Opens an answer and counts it; `metadata` goes with every chunk. */
  protected async counted(
    open: () => Promise<{
      readonly stream: ChatCompletionStream;
      readonly metadata: Readonly<Record<string, unknown>>;
    }>,
  ): Promise<ChatCompletionStream> {
    this.incrementRequestCount();
    const startedMs = this.clock.monotonicMs();
    try {
      const { stream, metadata } = await open();
      return withMetadata(stream, metadata, {
        onDone: (tokens) => this.recordSuccess(this.clock.monotonicMs() - startedMs, tokens),
        onError: (error) => this.recordError(error),
      });
    } catch (error) {
      this.recordError(error);
      throw error;
    }
  }
}

function checked(type: string, providers: readonly Provider[]): readonly Provider[] {
  const at = providers.findIndex((each) => typeof each?.generateChatCompletion !== 'function');
  if (at >= 0) throw invalidConfig(type, [`providers[${at}] is no provider. Make it with createProvider.`]);
  return providers;
}

interface Listening {
  readonly onDone: (tokens: number) => void;
  readonly onError: (error: unknown) => void;
}

function withMetadata(
  stream: ChatCompletionStream,
  metadata: Readonly<Record<string, unknown>>,
  { onDone, onError }: Listening,
): ChatCompletionStream {
  async function* chunks(): AsyncGenerator<ChatCompletionChunk> {
    try {
      for await (const chunk of stream) {
        if (chunk.done) onDone(chunk.usage?.totalTokens ?? 0);
        yield { ...chunk, metadata: { ...chunk.metadata, ...metadata } };
      }
    } catch (error) {
      onError(error);
      throw error;
    }
  }
  return newChatStream(chunks(), () => void stream.close());
}

/**
 * Asks a provider and waits for its first chunk, so that whoever promises an answer and has none counts as failed. The
 * chunk is not lost: it comes first.
 */
export async function openPrimed(open: () => Promise<ChatCompletionStream>): Promise<ChatCompletionStream> {
  const stream = await open();
  try {
    const first = await stream.next();
    return newChatStream(rejoined(first, stream), () => void stream.close());
  } catch (error) {
    await stream.close();
    throw error;
  }
}

async function* rejoined(
  first: ChatCompletionChunk,
  stream: ChatCompletionStream,
): AsyncGenerator<ChatCompletionChunk> {
  yield first;
  if (!first.done) yield* stream;
}
