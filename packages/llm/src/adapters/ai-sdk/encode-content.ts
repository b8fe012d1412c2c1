import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Source,
  LanguageModelV4Usage,
  SharedV4Warning,
} from '@ai-sdk/provider';
import type { Finish, FinishReason } from '../../model/finish.ts';
import type { Json } from '../../model/json.ts';
import type { MediaPart, Part } from '../../model/part.ts';
import { uncachedInputTokens, type Usage } from '../../model/usage.ts';
import type { Loss } from '../../wire/codec.ts';
import { arrayOf, objectOf, textOf } from '../../wire/read.ts';
import { keptMetadata, type Kept, type PerProvider } from './kept.ts';

/** A whole part as the AI SDK has it, and the sources that it names. What has no counterpart is kept as it is. */
export function encodePart(part: Part, id: string): readonly LanguageModelV4Content[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ type: 'text', text: part.text, ...metadataOf(part) }, ...sourcesOf(part, id)];
    case 'reasoning':
      return [{ type: 'reasoning', text: part.text, ...metadataOf(part) }];
    case 'tool-call':
      return [
        {
          type: 'tool-call',
          toolCallId: part.id,
          toolName: part.name,
          input: part.argumentsJson || '{}',
          ...metadataOf(part),
        },
      ];
    case 'media':
      return [encodeMedia(part)];
    case 'vendor':
    case 'tool-result':
      return [custom(part)];
  }
}

function encodeMedia(part: MediaPart): LanguageModelV4Content {
  const { source, mediaType } = part;
  const metadata = metadataOf(part);
  if (source.kind === 'base64')
    return { type: 'file', mediaType, data: { type: 'data', data: source.data }, ...metadata };
  if (source.kind === 'url' && URL.canParse(source.url))
    return { type: 'file', mediaType, data: { type: 'url', url: new URL(source.url) }, ...metadata };
  return custom(part);
}

const custom = (part: Part): LanguageModelV4Content => ({
  type: 'custom',
  kind: 'patchbay.part',
  ...keptPart({ part }),
});

/** What the AI SDK has no place for in a part, as metadata that comes back with it. */
export function metadataOf(part: Part): ReturnType<typeof keptPart> {
  const { signature, redacted } = part.type === 'reasoning' ? part : {};
  const refusal = part.type === 'refusal' ? true : undefined;
  return keptPart({ signature, redacted, extras: part.extras, refusal });
}

// The AI SDK's own type of the same shape has members that may be changed.
const keptPart = (kept: { readonly [Name in keyof Kept]: Kept[Name] | undefined }): { providerMetadata?: Metadata } =>
  keptMetadata(kept) as { providerMetadata?: Metadata };

type Metadata = NonNullable<LanguageModelV4Source['providerMetadata']>;

/** Places in the web that a text names: annotations of OpenAI, citations of Anthropic. */
function sourcesOf({ extras }: Part, id: string): readonly LanguageModelV4Source[] {
  const members = Object.values((extras ?? {}) as PerProvider);
  const named = members.flatMap((each): readonly Json[] => [
    ...arrayOf(each['annotations']),
    ...arrayOf(each['citations']),
  ]);
  return named.flatMap((each, at): readonly LanguageModelV4Source[] => {
    const cited = objectOf(objectOf(each)?.['url_citation']) ?? objectOf(each) ?? {};
    const url = textOf(cited['url']);
    const title = textOf(cited['title']);
    return url === undefined
      ? []
      : [{ type: 'source', sourceType: 'url', id: `${id}-${at}`, url, ...(title !== undefined && { title }) }];
  });
}

const REASONS: Readonly<Record<FinishReason, LanguageModelV4FinishReason['unified']>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-calls': 'tool-calls',
  refusal: 'content-filter',
  'content-filter': 'content-filter',
  pause: 'other',
  other: 'other',
};

/** Why an answer ended, in the AI SDK's words and in the wire's own. */
export const encodeFinish = ({ reason, raw }: Finish): LanguageModelV4FinishReason => ({
  unified: REASONS[reason],
  raw: raw ?? reason,
});

/** Tokens of a call; nothing is known where the provider did not say. */
export function encodeUsage(usage: Usage | undefined): LanguageModelV4Usage {
  return {
    inputTokens: {
      total: usage?.inputTokens,
      noCache: usage && uncachedInputTokens(usage),
      cacheRead: usage?.cacheReadTokens,
      cacheWrite: usage?.cacheWriteTokens,
    },
    outputTokens: {
      total: usage?.outputTokens,
      text: usage && usage.outputTokens - usage.reasoningTokens,
      reasoning: usage?.reasoningTokens,
    },
  };
}

/** A loss as a warning: the AI SDK shows it to whoever called. */
export const encodeLoss = ({ path, what, instead }: Loss): SharedV4Warning =>
  instead === 'dropped'
    ? { type: 'unsupported', feature: path, details: `${what} was not carried to the provider` }
    : { type: 'compatibility', feature: path, details: `${what} was ${instead}` };
