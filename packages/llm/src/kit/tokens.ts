import { estimateTextTokens } from '../tools/estimate-tokens.ts';
import { getContentParts, type ChatMessage, type ContentPart } from './chat-message.ts';

/** Sizes of contexts that models are told apart by, in tokens. */
export const TOKEN_THRESHOLDS = [4_096, 8_192, 16_384, 32_768, 131_072] as const;

/** What a picture, a document or a sound is counted as: nobody can know without opening it. */
const TOKENS_PER_MEDIA = 1_000;

/** Tokens of a text or of messages, roughly: one for every 4.7 bytes, and 1 000 for each picture, document or sound. */
export const estimateTokens = (of: string | readonly ChatMessage[]): number =>
  typeof of === 'string' ? estimateTextTokens(of) : of.reduce((sum, message) => sum + tokensOf(message), 0);

const tokensOf = (message: ChatMessage): number =>
  getContentParts(message).reduce((sum, part) => sum + tokensIn(part), 0) +
  (message.toolCalls ?? []).reduce(
    (sum, { function: { name, arguments: text } }) => sum + estimateTextTokens(name + text),
    0,
  );

function tokensIn({ type, text = '', thinking = '', name = '', input, content = '' }: ContentPart): number {
  if (type === 'image' || type === 'document' || type === 'audio') return TOKENS_PER_MEDIA;
  const told =
    typeof content === 'string' ? estimateTextTokens(content) : content.reduce((sum, each) => sum + tokensIn(each), 0);
  return told + estimateTextTokens(text + thinking + name + (input === undefined ? '' : JSON.stringify(input)));
}

/**
 * The conversation cut to about `maxTokens`: instructions stay, and of the rest as many of the newest messages as fit. The
 * last message stays whatever its length, and no answer of a tool is left without the call that it answers.
 */
export function truncateMessages(messages: readonly ChatMessage[], maxTokens: number): readonly ChatMessage[] {
  const isLasting = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';
  const turns = messages.filter((message) => !isLasting(message));
  let room = maxTokens - estimateTokens(messages.filter(isLasting));
  let from = turns.length;
  while (from > 0 && (from === turns.length || tokensFrom(turns, from - 1) <= room)) {
    from -= 1;
    room -= tokensFrom(turns, from);
  }
  // What a tool gave back means nothing, and is refused, without the call.
  while (from < turns.length - 1 && turns[from]?.role === 'tool') from += 1;
  const kept = new Set(turns.slice(from));
  return messages.filter((message) => isLasting(message) || kept.has(message));
}

const tokensFrom = (turns: readonly ChatMessage[], at: number): number => estimateTokens(turns.slice(at, at + 1));
