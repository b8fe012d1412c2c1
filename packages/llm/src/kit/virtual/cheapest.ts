import type { Catalog } from '../../catalog/catalog.ts';
import { costOf } from '../../catalog/cost.ts';
import { loadCatalog } from '../../catalog/load-catalog.ts';
import { NO_USAGE } from '../../model/usage.ts';
import { tryInOrder } from '../../routing/try-in-order.ts';
import { estimateTextTokens } from '../../tools/estimate-tokens.ts';
import { getTextContent } from '../chat-message.ts';
import type { ChatCompletionStream } from '../chat-stream.ts';
import type { ChatCallOptions, GenerateOptions } from '../generate-options.ts';
import { DEFAULTS } from '../provider-config.ts';
import type { Provider } from '../provider.ts';
import {
  openPrimed,
  readVirtualInput,
  VirtualProvider,
  type VirtualConfig,
  type VirtualInput,
} from './virtual-provider.ts';

/** Says what a call will probably cost at a provider, in dollars; `undefined` where nobody knows. */
export type EstimateCost = (
  provider: Provider,
  options: GenerateOptions,
) => Promise<number | undefined> | number | undefined;

/** Settings of a provider that asks the cheapest first. */
export interface CheapestConfig extends VirtualConfig {
  /** Default: by the catalogue's prices, for the question's length and the longest answer that it allows. */
  readonly estimate?: EstimateCost;
}

class CheapestProvider extends VirtualProvider {
  readonly #estimate: EstimateCost;
  #catalog: Promise<Catalog> | undefined;

  constructor(config: CheapestConfig) {
    super('cheapest', config);
    this.#estimate =
      config.estimate ??
      (async (provider, options) =>
        estimateCost(provider, options, {
          catalog: await (this.#catalog ??= loadCatalog()),
          atMs: this.clock.nowMs(),
        }));
  }

  async generateChatCompletion(options: GenerateOptions, call: ChatCallOptions = {}): Promise<ChatCompletionStream> {
    return this.counted(async () => {
      const providers = this.needProviders();
      const priced = await Promise.all(
        providers.map(async (provider) => ({ provider, usd: (await this.#estimate(provider, options)) ?? Infinity })),
      );
      // Equal prices keep the order in which the providers were given.
      const order = priced.toSorted((a, b) => (a.usd === b.usd ? 0 : a.usd - b.usd));
      const tries = order.map(
        ({ provider }) =>
          () =>
            openPrimed(() => provider.generateChatCompletion(options, call)),
      );
      const tried = await tryInOrder(tries, call.signal);
      if (!tried.ok) throw this.allFailed(tried.errors);
      const chosen = order[tried.index] as (typeof order)[number];
      const cost = Number.isFinite(chosen.usd) ? { estimated_cost_usd: chosen.usd } : {};
      return { stream: tried.value, metadata: { cheapest_provider: chosen.provider.name(), ...cost } };
    });
  }
}

/** What a call will probably cost by the catalogue's prices at `atMs`, in dollars; `undefined` where none is known. */
export function estimateCost(
  provider: Provider,
  options: GenerateOptions,
  { catalog, atMs }: { readonly catalog: Catalog; readonly atMs: number },
): number | undefined {
  const { prompt = '', messages = [], maxTokens = DEFAULTS.maxTokens } = options;
  const price = catalog.priceOf(provider.type(), options.model ?? provider.getDefaultModel(), atMs);
  const inputTokens = estimateTextTokens([prompt, ...messages.map(getTextContent)].join(''));
  const cost = costOf({ ...NO_USAGE, inputTokens, outputTokens: maxTokens }, price);
  return cost.state === 'known' ? cost.nanoUsd / 1e9 : undefined;
}

/**
 * A provider that asks the cheapest of others first and the next one when it fails; those without a known price come
 * last. Takes the providers, or settings, with or without a name before them.
 */
export const newCheapestProvider = (
  first: string | VirtualInput<CheapestConfig>,
  second?: VirtualInput<CheapestConfig>,
): VirtualProvider => new CheapestProvider(readVirtualInput(first, second));
