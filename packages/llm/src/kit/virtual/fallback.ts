import { tryInOrder } from '../../routing/try-in-order.ts';
import type { ChatCompletionStream } from '../chat-stream.ts';
import type { ChatCallOptions, GenerateOptions } from '../generate-options.ts';
import type { Provider } from '../provider.ts';
import {
  openPrimed,
  readVirtualInput,
  VirtualProvider,
  type VirtualConfig,
  type VirtualInput,
} from './virtual-provider.ts';

/** Settings of a provider that falls back: `providers` are asked in their order. */
export type FallbackConfig = VirtualConfig;

class FallbackProvider extends VirtualProvider {
  async generateChatCompletion(options: GenerateOptions, call: ChatCallOptions = {}): Promise<ChatCompletionStream> {
    return this.counted(async () => {
      const providers = this.needProviders();
      const tries = providers.map((each) => () => openPrimed(() => each.generateChatCompletion(options, call)));
      const tried = await tryInOrder(tries, call.signal);
      if (!tried.ok) throw this.allFailed(tried.errors);
      const { value: stream, index } = tried;
      const winner = (providers[index] as Provider).name();
      if (index > 0) this.tell({ type: 'provider_switch', provider: winner });
      return { stream, metadata: { fallback_provider: winner, fallback_index: index } };
    });
  }
}

/**
 * A provider that asks others in their order until one answers: a primary, a secondary and so on. It moves on before the
 * first output only. Takes the providers, or settings, with or without a name before them.
 */
export const newFallbackProvider = (
  first: string | VirtualInput<FallbackConfig>,
  second?: VirtualInput<FallbackConfig>,
): VirtualProvider => new FallbackProvider('fallback', readVirtualInput(first, second));
