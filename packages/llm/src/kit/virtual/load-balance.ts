import { createBalance, type BalanceStrategy } from '../../routing/balance.ts';
import { tryInOrder } from '../../routing/try-in-order.ts';
import type { ChatCompletionStream } from '../chat-stream.ts';
import { invalidConfig } from '../check-config.ts';
import type { ChatCallOptions, GenerateOptions } from '../generate-options.ts';
import type { Provider } from '../provider.ts';
import {
  openPrimed,
  readVirtualInput,
  VirtualProvider,
  type VirtualConfig,
  type VirtualInput,
} from './virtual-provider.ts';

/** Settings of a provider that spreads calls. */
export interface LoadBalanceConfig extends VirtualConfig {
  /** Default `round_robin`. */
  readonly strategy?: BalanceStrategy;
  /** Shares by the providers' names, for `weighted`. Default 1 for each. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Whether the others are asked, too, when the chosen one fails. Default false. */
  readonly retryNext?: boolean;
}

const STRATEGIES: readonly BalanceStrategy[] = ['round_robin', 'random', 'weighted'];

class LoadBalanceProvider extends VirtualProvider {
  readonly #config: LoadBalanceConfig;
  #next: () => number;

  constructor(config: LoadBalanceConfig) {
    super('loadbalance', config);
    const { strategy = 'round_robin' } = config;
    if (!STRATEGIES.includes(strategy))
      throw invalidConfig(this.name(), [`strategy must be one of: ${STRATEGIES.join(', ')}.`]);
    this.#config = config;
    this.#next = this.#balance();
  }

  override setProviders(providers: readonly Provider[]): void {
    super.setProviders(providers);
    this.#next = this.#balance();
  }

  async generateChatCompletion(options: GenerateOptions, call: ChatCallOptions = {}): Promise<ChatCompletionStream> {
    return this.counted(async () => {
      const providers = this.needProviders();
      const at = this.#next();
      const order = [...providers.slice(at), ...providers.slice(0, at)];
      const asked = this.#config.retryNext === true ? order : order.slice(0, 1);
      const tries = asked.map((each) => () => openPrimed(() => each.generateChatCompletion(options, call)));
      const tried = await tryInOrder(tries, call.signal);
      if (!tried.ok)
        throw asked.length === 1 && tried.errors.length === 1 ? tried.errors[0] : this.allFailed(tried.errors);
      const chosen = (asked[tried.index] as Provider).name();
      if (tried.index > 0) this.tell({ type: 'provider_switch', provider: chosen });
      return { stream: tried.value, metadata: { loadbalance_provider: chosen } };
    });
  }

  #balance(): () => number {
    const providers = this.getProviders();
    const { strategy = 'round_robin', weights = {} } = this.#config;
    const shares = providers.map((each) => weights[each.name()] ?? 1);
    return createBalance({ strategy, count: providers.length, weights: shares, random: this.random });
  }
}

/**
 * A provider that spreads calls over others, one for each call. Takes the providers, or settings, with or without a name
 * before them.
 */
export const newLoadBalanceProvider = (
  first: string | VirtualInput<LoadBalanceConfig>,
  second?: VirtualInput<LoadBalanceConfig>,
): VirtualProvider => new LoadBalanceProvider(readVirtualInput(first, second));
