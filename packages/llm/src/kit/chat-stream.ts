import type { ChatMessage } from './chat-message.ts';
import type { ChatToolCall } from './chat-tool.ts';

/** Tokens of one call. `promptTokens` includes cached ones, `completionTokens` includes reasoning. */
export interface ChatUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
}

/** One alternative of an answer. `delta` holds what is new, `message` a whole answer. */
export interface ChatChoice {
  readonly index: number;
  readonly message?: ChatMessage;
  readonly delta?: Partial<Pick<ChatMessage, 'role' | 'content' | 'reasoning'>> & {
    readonly toolCalls?: readonly ChatToolCall[];
  };
  /** Given with the last chunk: `stop`, `length`, `tool_calls`, `content_filter` or the vendor's own word. */
  readonly finishReason?: string;
}

/** A piece of an answer. The last one has `done` and, when the provider says so, `usage`; its `content` is empty. */
export interface ChatCompletionChunk {
  readonly id?: string;
  readonly object?: string;
  /** When the answer was made, in seconds since 1970. */
  readonly created?: number;
  readonly model?: string;
  readonly choices?: readonly ChatChoice[];
  readonly usage?: ChatUsage;
  readonly done: boolean;
  readonly content: string;
  readonly reasoning?: string;
  /** The same as `reasoning`, under the name other vendors use. */
  readonly reasoningContent?: string;
  readonly error?: string;
  /** What wrappers say about the call, e.g. `racing_winner`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** An answer to be read once, by `next()` or by `for await`. */
export interface ChatCompletionStream extends AsyncIterable<ChatCompletionChunk> {
  /** The next piece. Throws `ProviderError` when the answer breaks, `EndOfStreamError` after its end or its closing. */
  next(): Promise<ChatCompletionChunk>;
  /** Ends the answer and its connection. May be called at any time and again. */
  close(): Promise<void>;
}

/** Thrown by `next()` when there is nothing more to read. */
export class EndOfStreamError extends Error {
  override readonly name = 'EndOfStreamError';
  readonly code = 'EOF';
  constructor() {
    super('EOF: the stream has ended. Stop reading when a chunk is done.');
  }
}

/**
 * A stream over chunks. `leave` is called once, when the stream was read to its end, broke or was closed; it must end
 * whatever `chunks` waits for.
 */
export function newChatStream(
  chunks: AsyncIterable<ChatCompletionChunk> | Iterable<ChatCompletionChunk>,
  leave: () => void = () => {},
): ChatCompletionStream {
  const iterator = iteratorOf(chunks);
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    leave();
  };
  const next = async (): Promise<ChatCompletionChunk> => {
    if (over) throw new EndOfStreamError();
    try {
      const read = await iterator.next();
      if (read.done) throw new EndOfStreamError();
      // Nobody asks for more: what the chunks hold is let go of at once, also where the reader forgets to close.
      if (read.value.done) await close();
      return read.value;
    } catch (error) {
      // Whoever closes while somebody waits has ended the stream, not broken it.
      if (over) throw new EndOfStreamError();
      end();
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    if (over) return;
    end();
    await iterator.return?.();
  };
  return { next, close, [Symbol.asyncIterator]: () => iterated(next, close) };
}

function iteratorOf<T>(items: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

/** Ends after the chunk that is done. Whoever leaves early closes the stream. */
async function* iterated(
  next: () => Promise<ChatCompletionChunk>,
  close: () => Promise<void>,
): AsyncGenerator<ChatCompletionChunk> {
  try {
    for (;;) {
      const chunk = await next();
      yield chunk;
      if (chunk.done) return;
    }
  } catch (error) {
    if (!(error instanceof EndOfStreamError)) throw error;
  } finally {
    await close();
  }
}
