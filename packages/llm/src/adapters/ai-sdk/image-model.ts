import type { ImageModelV4, ImageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import type { Client } from '../../client/client-of.ts';
import type { MediaPart } from '../../model/part.ts';
import { LlmError } from '../../client/llm-error.ts';
import { compact, objectOf } from '../../wire/read.ts';
import { callFailure } from './call-error.ts';
import { unsupported } from './decode-prompt.ts';
import { OURS } from './kept.ts';

/** Pictures that one call may ask for; a vendor with a smaller maximum refuses by itself. */
const IMAGES_MAX = 10;

/**
 * A model of the AI SDK that makes pictures. What only the provider's images have is said under
 * `providerOptions.patchbay`, by the provider's own names.
 */
export const imageModel = (client: Client, address: string): ImageModelV4 => ({
  specificationVersion: 'v4',
  provider: 'patchbay',
  modelId: address,
  maxImagesPerCall: IMAGES_MAX,
  async doGenerate(options) {
    const { prompt = '', n: count, size, providerOptions, abortSignal: signal, headers } = options;
    const extras = objectOf(providerOptions[OURS]);
    const ask = {
      model: address,
      prompt,
      count,
      ...(size !== undefined && { size }),
      ...(extras !== undefined && { extras }),
    };
    try {
      const { images, model } = await client.image(ask, {
        ...(signal !== undefined && { signal }),
        // Cast: the headers that are absent are left out.
        ...(headers !== undefined && { headers: compact(headers) as Record<string, string> }),
      });
      return {
        images: images.map(base64In),
        warnings: warningsOf(options),
        // The provider does not say when, and this room has no clock.
        response: { timestamp: new Date(0), modelId: model, headers: undefined },
      };
    } catch (error) {
      throw callFailure(error, { model: address, request: ask, signal });
    }
  },
});

function base64In({ source }: MediaPart): string {
  if (source.kind === 'base64') return source.data;
  throw new LlmError({
    kind: 'protocol',
    message:
      'The provider gave the address of a picture instead of its bytes. Ask for bytes in its own words, e.g. ' +
      '`response_format: "b64_json"` under `providerOptions.patchbay`.',
  });
}

const warningsOf = (options: ImageModelV4CallOptions): SharedV4Warning[] =>
  (['aspectRatio', 'seed', 'files', 'mask'] as const)
    .filter((name) => options[name] !== undefined)
    .map((name) => unsupported(name));
