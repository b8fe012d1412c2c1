import { newChatStream, type ChatCompletionChunk, type ChatCompletionStream } from './chat-stream.ts';
import { invalidConfig } from './check-config.ts';
import type { ChatCallOptions, GenerateOptions } from './generate-options.ts';
import { ProviderError } from './provider-error.ts';
import type { CoreProvider, Provider } from './provider.ts';
import type { ProviderType } from './provider-types.ts';
import {
  generateStandardCompletion,
  type StandardRequest,
  type StandardResponse,
  type StandardStreamChunk,
} from './standard.ts';

/** What providers of a type make of standard requests and answers in a way of their own. */
export interface CoreProviderExtension {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The request as such a provider is asked. */
  standardToProvider(request: StandardRequest): GenerateOptions;
  /** A whole answer as programs shall see it. */
  providerToStandard(response: StandardResponse): StandardResponse;
  /** A piece of an answer as programs shall see it. */
  providerToStandardChunk(chunk: ChatCompletionChunk): StandardStreamChunk;
  /** What is wrong with a request's `metadata`, which is where options of its own stand; none when it is sound. */
  validateOptions(options: Readonly<Record<string, unknown>>): readonly string[];
  /** Words for what such a provider can, e.g. `chat`. */
  getCapabilities(): readonly string[];
}

/** What providers can of which nobody says more. */
export const STANDARD_CAPABILITIES: readonly string[] = ['chat', 'streaming'];

/** Extensions by the types of providers they are for. */
export interface CoreExtensionRegistry {
  /** Throws `ProviderError` of code `invalid_config` where the type has one already. */
  register(type: ProviderType, extension: CoreProviderExtension): void;
  get(type: ProviderType): CoreProviderExtension | undefined;
  /** Types that have one, in alphabetical order. */
  list(): readonly ProviderType[];
}

/** A registry without extensions. */
export function newCoreExtensionRegistry(): CoreExtensionRegistry {
  const extensions = new Map<ProviderType, CoreProviderExtension>();
  return {
    register(type, extension) {
      const known = extensions.get(type);
      if (known !== undefined) throw invalidConfig(type, [`${type} has the extension ${known.name} already.`]);
      extensions.set(type, extension);
    },
    get: (type) => extensions.get(type),
    list: () => [...extensions.keys()].sort(),
  };
}

/** A provider behind standard requests and answers. Errors are `ProviderError`. */
export interface CoreApi extends CoreProvider {
  /** What is wrong with a request for this provider; none when it can be asked. */
  validateStandardRequest(request: StandardRequest): readonly string[];
  generateStandardCompletion(request: StandardRequest, call?: ChatCallOptions): Promise<StandardResponse>;
  generateStandardStream(request: StandardRequest, call?: ChatCallOptions): Promise<ChatCompletionStream>;
  getStandardCapabilities(): readonly string[];
  getCoreExtension(): CoreProviderExtension | undefined;
}

/** Puts standard requests and answers before a provider, with an extension where its type has one. */
export function newCoreApi(provider: Provider, extension?: CoreProviderExtension): CoreApi {
  const mistakesIn = ({ metadata = {} }: StandardRequest): readonly string[] =>
    extension?.validateOptions(metadata) ?? [];
  const asked = (request: StandardRequest): GenerateOptions => {
    const mistakes = mistakesIn(request);
    if (mistakes.length === 0) return extension?.standardToProvider(request) ?? request;
    throw new ProviderError({
      code: 'invalid_request',
      message: `${provider.name()}: ${mistakes.join(' ')}`,
      provider: provider.name(),
      operation: 'validateStandardRequest',
    });
  };
  return {
    name: () => provider.name(),
    type: () => provider.type(),
    description: () => extension?.description ?? provider.description(),
    validateStandardRequest: mistakesIn,
    async generateStandardCompletion(request, call) {
      const { messages = [], prompt = '', ...rest } = asked({ ...request, stream: false });
      const turns = prompt === '' ? messages : [...messages, { role: 'user' as const, content: prompt }];
      const response = await generateStandardCompletion(provider, { ...rest, messages: turns }, call);
      return extension?.providerToStandard(response) ?? response;
    },
    async generateStandardStream(request, call) {
      const stream = await provider.generateChatCompletion(asked({ ...request, stream: true }), call);
      if (extension === undefined) return stream;
      return newChatStream(shownBy(extension, stream), () => void stream.close());
    },
    getStandardCapabilities: () => extension?.getCapabilities() ?? STANDARD_CAPABILITIES,
    getCoreExtension: () => extension,
  };
}

async function* shownBy(
  extension: CoreProviderExtension,
  stream: ChatCompletionStream,
): AsyncGenerator<ChatCompletionChunk> {
  for await (const chunk of stream) yield extension.providerToStandardChunk(chunk);
}
