/** A provider of one's own, made by name like all others. */
import {
  BaseProvider,
  newChatStream,
  newProviderFactory,
  type ChatCompletionStream,
  type GenerateOptions,
} from '@patchbay/llm';

class ReverseProvider extends BaseProvider {
  override generateChatCompletion({ prompt = '' }: GenerateOptions): Promise<ChatCompletionStream> {
    this.incrementRequestCount();
    const content = Array.from(prompt).reverse().join('');
    this.recordSuccess(1, prompt.length);
    return Promise.resolve(newChatStream([{ content, done: true }]));
  }
}

const factory = newProviderFactory();
factory.registerProvider('reverse', (config) => new ReverseProvider('reverse', config));
const provider = factory.createProvider('reverse');
const stream = await provider.generateChatCompletion({ prompt: 'stressed' });
console.log((await stream.next()).content); // → desserts
console.log(provider.getMetrics().successCount, provider.getMetrics().tokensUsed); // → 1 8
