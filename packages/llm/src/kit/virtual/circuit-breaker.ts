import {
  createRatioBreaker,
  type RatioBreaker,
  type RatioBreakerOptions,
  type RatioBreakerState,
} from '../../resilience/ratio-breaker.ts';
import type { ChatCompletionStream } from '../chat-stream.ts';
import type { ChatCallOptions, GenerateOptions } from '../generate-options.ts';
import { ProviderError, type ProviderErrorCode } from '../provider-error.ts';
import type { Provider } from '../provider.ts';
import { openPrimed, VirtualProvider, type VirtualConfig } from './virtual-provider.ts';

/** Settings of a breaker around a provider. */
export interface CircuitBreakerConfig extends Omit<VirtualConfig, 'providers'>, Omit<RatioBreakerOptions, 'clock'> {}

/** Errors that speak about the caller's question, not about the provider. */
const CALLERS: ReadonlySet<ProviderErrorCode> = new Set([
  'invalid_request',
  'invalid_config',
  'context_length',
  'content_filter',
]);

class CircuitBreakerProvider extends VirtualProvider {
  readonly #breaker: RatioBreaker;

  constructor(provider: Provider, config: CircuitBreakerConfig) {
    super('circuitbreaker', { name: provider.name(), ...config, providers: [provider] });
    this.#breaker = createRatioBreaker({ ...config, clock: this.clock });
  }

  /** Where the breaker stands now. */
  getState(): RatioBreakerState {
    return this.#breaker.state;
  }

  async generateChatCompletion(options: GenerateOptions, call: ChatCallOptions = {}): Promise<ChatCompletionStream> {
    const [provider] = this.needProviders();
    return this.counted(async () => {
      const leave = this.#breaker.admit();
      if ('refusedForMs' in leave) throw this.#refusal(leave.refusedForMs);
      const before = this.#breaker.state;
      try {
        const stream = await openPrimed(() => provider.generateChatCompletion(options, call));
        leave.report(true);
        return { stream, metadata: {} };
      } catch (error) {
        const isCallers = error instanceof ProviderError && CALLERS.has(error.code);
        if (isCallers || call.signal?.aborted === true) leave.withdraw();
        else leave.report(false);
        throw error;
      } finally {
        this.#tellChange(before);
      }
    });
  }

  #tellChange(before: RatioBreakerState): void {
    const after = this.#breaker.state;
    if (after === before || after === 'half-open') return;
    this.tell({ type: after === 'open' ? 'circuit_open' : 'circuit_close' });
  }

  #refusal(refusedForMs: number): ProviderError {
    const seconds = Math.ceil(refusedForMs / 1000);
    return new ProviderError({
      code: 'server_error',
      message:
        refusedForMs > 0
          ? `circuit breaker is open: ${this.name()} failed too often. Try again in ${seconds} s.`
          : `too many requests: ${this.name()} is being tried after failures. Try again in a moment.`,
      provider: this.name(),
      operation: 'generateChatCompletion',
      retryAfter: Math.max(1, seconds),
    });
  }
}

/** A provider that is spared while most of its calls fail: see `RatioBreakerOptions` for when. */
export const newCircuitBreakerProvider = (
  provider: Provider,
  config: CircuitBreakerConfig = {},
): VirtualProvider & { getState(): RatioBreakerState } => new CircuitBreakerProvider(provider, config);
