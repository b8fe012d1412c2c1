import type { ChatCompletionStream } from './chat-stream.ts';
import type { ChatCallOptions, GenerateOptions } from './generate-options.ts';
import type { Provider } from './provider.ts';

/** The same provider, which answers in another way. Everything else goes to it as it is. */
export function wrapProvider(
  provider: Provider,
  generate: (options: GenerateOptions, call?: ChatCallOptions) => Promise<ChatCompletionStream>,
): Provider {
  return new Proxy(provider, {
    get(target, name) {
      if (name === 'generateChatCompletion') return generate;
      const member: unknown = Reflect.get(target, name, target);
      // Bound, because what a provider keeps to itself is found on the provider alone.
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
