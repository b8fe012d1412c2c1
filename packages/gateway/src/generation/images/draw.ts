import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import { arrayOf, objectOf, textOf } from '@patchbay/llm/wire/read';

import type { ModelCall, Models } from '../ports.ts';

export interface DrawParts {
  readonly models: Models;
  /** Gets a picture from where a provider put it. */
  readonly download: (url: string) => Promise<Result<Buffer>>;
}

/** Has one picture drawn; resolves to its file. */
export async function draw(
  { models, download }: DrawParts,
  { artist, prompt }: { readonly artist: string; readonly prompt: string },
  call: ModelCall,
): Promise<Result<Buffer>> {
  const answer = await models.drawImages({ model: artist, prompt, n: 1, ...sizeFor(artist) }, call);
  if (!answer.ok) return answer;
  const drawn = objectOf(arrayOf(answer.value['data'])[0]);
  const bytes = textOf(drawn?.['b64_json']);
  if (bytes !== undefined) return ok(Buffer.from(bytes, 'base64'));
  const url = textOf(drawn?.['url']);
  return url === undefined ? failed(NO_PICTURE) : download(url);
}

const NO_PICTURE: Failure = { kind: 'protocol', message: 'The provider’s answer holds no picture.' };

/** How large and how exact, in the words of who draws. */
function sizeFor(artist: string): JsonObject {
  if (artist.startsWith('together/')) return { width: 1024, height: 768, steps: 4, response_format: 'b64_json' };
  // These models take no format for their answer and always give the bytes.
  if (artist.startsWith('openai/gpt-image')) return { size: '1536x1024' };
  return artist.startsWith('openai/')
    ? { size: '1792x1024', response_format: 'b64_json' }
    : { response_format: 'b64_json' };
}
