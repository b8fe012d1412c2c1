import type { Ask } from './ask.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import { generate } from './generate.ts';
import type { Generated } from './generated.ts';
import { listModels, type ListedModel } from './list-models.ts';
import { stream, type GenerationStream } from './stream.ts';

/** One door to every provider. Models are addressed `provider/model`. */
export interface Client {
  /** A whole answer. Throws `LlmError`. */
  generate(ask: Ask, options?: CallOptions): Promise<Generated>;
  /** A streamed answer. Never throws for what happens upstream. */
  stream(ask: Ask, options?: CallOptions): GenerationStream;
  /** What a provider says it serves. Throws `LlmError`. */
  listModels(providerId: string, options?: CallOptions): Promise<readonly ListedModel[]>;
}

/** The public door over what a client is made of: there is one behaviour, whatever it carries. */
export const clientOf = (client: ClientContext): Client => ({
  generate: (ask, options = {}) => generate(client, ask, options),
  stream: (ask, options = {}) => stream(client, ask, options),
  listModels: (providerId, options = {}) => listModels(client, providerId, options),
});
