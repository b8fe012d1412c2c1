import type { EmbeddingModelV4, ImageModelV4, LanguageModelV4, ProviderV4 } from '@ai-sdk/provider';
import { createClient, type Client, type ClientOptions } from '../../client/create-client.ts';
import { embeddingModel } from './embedding-model.ts';
import { imageModel } from './image-model.ts';
import { languageModel } from './language-model.ts';

/** How the provider is made: as a client is, or with a client that exists. */
export type PatchbayOptions = (ClientOptions | { readonly client: Client }) & {
  /** Asked in this order when a model fails before its first output. Default: nobody. */
  readonly fallbacks?: readonly string[];
};

/** Settings of one model, which stand before the provider's. */
export interface LanguageModelSettings {
  /** Asked in this order when the model fails before its first output. An empty list asks nobody else. */
  readonly fallbacks?: readonly string[];
}

/** A provider of the AI SDK. Models are addressed `provider/model`; called, it makes a language model. */
export interface PatchbayProvider extends ProviderV4 {
  (address: string, settings?: LanguageModelSettings): LanguageModelV4;
  languageModel(address: string, settings?: LanguageModelSettings): LanguageModelV4;
  /** The older name of `embeddingModel`. */
  textEmbeddingModel(address: string): EmbeddingModelV4;
}

/**
 * Makes a provider for the `ai` package, version 7: every model of every provider, with the client's failover, rotation of
 * keys and translation behind it. The client retries by itself: give `maxRetries: 0` to have no retries on top.
 */
export function createPatchbay(options: PatchbayOptions = {}): PatchbayProvider {
  const client = 'client' in options ? options.client : createClient(options);
  const language = (address: string, { fallbacks }: LanguageModelSettings = {}): LanguageModelV4 =>
    languageModel({ client, address, fallbacks: fallbacks ?? options.fallbacks ?? [] });
  return Object.assign((address: string, settings?: LanguageModelSettings) => language(address, settings), {
    specificationVersion: 'v4' as const,
    languageModel: language,
    embeddingModel: (address: string): EmbeddingModelV4 => embeddingModel(client, address),
    textEmbeddingModel: (address: string): EmbeddingModelV4 => embeddingModel(client, address),
    imageModel: (address: string): ImageModelV4 => imageModel(client, address),
  });
}
