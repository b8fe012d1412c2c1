import type { Ask } from './ask.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import type { CountedTokens } from './count-tokens.ts';
import type { EmbedAsk, Embedded } from './embed.ts';
import type { GeneratedImages, ImageAsk } from './generate-image.ts';
import { generate } from './generate.ts';
import type { Generated } from './generated.ts';
import type { ListedModel, ListOptions } from './list-models.ts';
import { stream, type GenerationStream } from './stream.ts';

/** One door to every provider. Models are addressed `provider/model`. */
export interface Client {
  /** A whole answer. Throws `LlmError`. */
  generate(ask: Ask, options?: CallOptions): Promise<Generated>;
  /** A streamed answer. Never throws for what happens upstream. */
  stream(ask: Ask, options?: CallOptions): GenerationStream;
  /** Vectors of texts. Throws `LlmError`. */
  embed(ask: EmbedAsk, options?: CallOptions): Promise<Embedded>;
  /** Pictures. Throws `LlmError`. */
  image(ask: ImageAsk, options?: CallOptions): Promise<GeneratedImages>;
  /** How many tokens a request has: the provider's own count, or an estimate that says so. Throws `LlmError`. */
  countTokens(ask: Ask, options?: CallOptions): Promise<CountedTokens>;
  /** The models of a provider with what is known of them. Throws `LlmError`. */
  listModels(providerId: string, options?: ListOptions): Promise<readonly ListedModel[]>;
}

/**
 * The public door over what a client is made of: there is one behaviour, whatever it carries. What few programs ask for is
 * loaded when they first do, so that bundlers can leave it out of what is loaded at once.
 */
export const clientOf = (client: ClientContext): Client => ({
  generate: (ask, options = {}) => generate(client, ask, options),
  stream: (ask, options = {}) => stream(client, ask, options),
  embed: async (ask, options = {}) => (await import('./embed.ts')).embed(client, ask, options),
  image: async (ask, options = {}) => (await import('./generate-image.ts')).generateImage(client, ask, options),
  countTokens: async (ask, options = {}) => (await import('./count-tokens.ts')).countTokens(client, ask, options),
  listModels: async (providerId, options = {}) =>
    (await import('./list-models.ts')).listModels(client, providerId, options),
});
