import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import type { Client } from '../../client/client-of.ts';
import { callFailure } from './call-error.ts';
import { unsupported } from './decode-prompt.ts';

/** A vendor with a smaller maximum refuses by itself; no vendor takes more. */
const VALUES_MAX = 2048;

/** A model of the AI SDK that makes vectors. It has no fallbacks: vectors of different models do not compare. */
export const embeddingModel = (client: Client, address: string): EmbeddingModelV4 => ({
  specificationVersion: 'v4',
  provider: 'patchbay',
  modelId: address,
  maxEmbeddingsPerCall: VALUES_MAX,
  supportsParallelCalls: true,
  async doEmbed({ values, dimensions, abortSignal: signal, headers, providerOptions = {} }) {
    const ask = { model: address, values, ...(dimensions !== undefined && { dimensions }) };
    try {
      const { embeddings, usage } = await client.embed(ask, {
        ...(signal !== undefined && { signal }),
        ...(headers !== undefined && { headers }),
      });
      return {
        embeddings: embeddings.map((vector) => [...vector]),
        ...(usage !== undefined && { usage: { tokens: usage.inputTokens } }),
        warnings: Object.keys(providerOptions).map((name) => unsupported(`providerOptions.${name}`)),
      };
    } catch (error) {
      throw callFailure(error, { model: address, request: ask, signal });
    }
  },
});
