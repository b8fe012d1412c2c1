import type { Ask } from './ask.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import { countTokens, type CountedTokens } from './count-tokens.ts';
import { embed, type EmbedAsk, type Embedded } from './embed.ts';
import { generateImage, type GeneratedImages, type ImageAsk } from './generate-image.ts';
import { generate } from './generate.ts';
import type { Generated } from './generated.ts';
import { listModels, type ListedModel, type ListOptions } from './list-models.ts';
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

/** The public door over what a client is made of: there is one behaviour, whatever it carries. */
export const clientOf = (client: ClientContext): Client => ({
  generate: (ask, options = {}) => generate(client, ask, options),
  stream: (ask, options = {}) => stream(client, ask, options),
  embed: (ask, options = {}) => embed(client, ask, options),
  image: (ask, options = {}) => generateImage(client, ask, options),
  countTokens: (ask, options = {}) => countTokens(client, ask, options),
  listModels: (providerId, options = {}) => listModels(client, providerId, options),
});
