import type { Part } from '../model/part.ts';
import type { GenerationRequest } from '../model/request.ts';

/** Bytes of UTF-8 that make one token of English or code, as a fraction that keeps the sum whole: 4.7. */
const TOKENS_PER_BYTES = 10 / 47;
/** What an image, a page or a minute of sound is counted as: nobody can know without opening it. */
const TOKENS_PER_MEDIA = 1_000;

const encoder = new TextEncoder();

/** Tokens that a text has, roughly: one for every 4.7 bytes, rounded up. */
export const estimateTextTokens = (text: string): number => Math.ceil(encoder.encode(text).length * TOKENS_PER_BYTES);

/** Tokens that a request has, roughly: its messages and tools, without the answer. Media count as 1 000 each. */
export function estimateTokens({ messages, tools }: Pick<GenerationRequest, 'messages' | 'tools'>): number {
  const told = tools === undefined ? 0 : estimateTextTokens(JSON.stringify(tools));
  return messages.reduce((sum, { content }) => sum + partTokens(content), told);
}

const partTokens = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + tokensIn(part), 0);

function tokensIn(part: Part): number {
  switch (part.type) {
    case 'media':
      return part.source.kind === 'text' ? estimateTextTokens(part.source.text) : TOKENS_PER_MEDIA;
    case 'tool-result':
      return partTokens(part.content);
    case 'tool-call':
      return estimateTextTokens(part.name + part.argumentsJson);
    case 'vendor':
      return estimateTextTokens(JSON.stringify(part.value));
    default:
      return estimateTextTokens(part.text);
  }
}
