import { BaseProvider } from '../kit/base-provider.ts';
import { newChatStream, type ChatCompletionChunk, type ChatCompletionStream } from '../kit/chat-stream.ts';
import type { ChatCallOptions, GenerateOptions } from '../kit/generate-options.ts';
import type { Model } from '../kit/provider.ts';
import type { Clock } from '../model/clock.ts';

/** What a mock says: text, one chunk, several, an error to throw, or a function of what was asked that gives one of these. */
export type MockAnswer =
  | string
  | Error
  | ChatCompletionChunk
  | readonly ChatCompletionChunk[]
  | ((options: GenerateOptions) => MockAnswer | Promise<MockAnswer>);

/** How a mock is made; everything is optional. */
export interface MockOptions {
  readonly clock?: Clock;
  /** Pause before every chunk, in milliseconds. Default 0. */
  readonly chunkDelayMs?: number;
  /** Default `mock-model`. */
  readonly defaultModel?: string;
  /** What `getModels` gives. Default: the default model. */
  readonly models?: readonly Model[];
}

/** A provider that reaches nobody and says what it was told to. */
export class MockProvider extends BaseProvider {
  readonly #options: MockOptions;
  readonly #calls: GenerateOptions[] = [];
  #answers: readonly MockAnswer[] = ['Mock response'];
  #next = 0;

  constructor(name: string, options: MockOptions = {}) {
    super('mock', { name, defaultModel: options.defaultModel ?? 'mock-model' }, options.clock);
    this.#options = options;
  }

  /** Everything that was asked so far, the oldest first. */
  get calls(): readonly GenerateOptions[] {
    return this.#calls;
  }

  /** Says these from now on, one each call; the last one is repeated. */
  setResponses(answers: readonly MockAnswer[]): void {
    this.#answers = answers;
    this.#next = 0;
  }

  override isAuthenticated(): boolean {
    return true;
  }

  override getModels(): Promise<readonly Model[]> {
    const id = this.getDefaultModel();
    return Promise.resolve(this.#options.models ?? [{ id, name: id, provider: this.name() }]);
  }

  async generateChatCompletion(options: GenerateOptions, call: ChatCallOptions = {}): Promise<ChatCompletionStream> {
    this.incrementRequestCount();
    this.#calls.push(options);
    call.signal?.throwIfAborted();
    const answer = this.#answers[Math.min(this.#next, this.#answers.length - 1)] ?? '';
    this.#next += 1;
    const said = await saidOf(answer, options);
    if (said instanceof Error) {
      this.recordError(said);
      throw said;
    }
    const leaving = new AbortController();
    const signals = [leaving.signal, ...(call.signal ? [call.signal] : [])];
    const chunks = this.#said(chunksOf(said, options, this.getDefaultModel()), AbortSignal.any(signals));
    return newChatStream(chunks, () => leaving.abort());
  }

  async *#said(chunks: readonly ChatCompletionChunk[], signal: AbortSignal): AsyncGenerator<ChatCompletionChunk> {
    for (const chunk of chunks) {
      if (this.#options.chunkDelayMs) await this.clock.sleep(this.#options.chunkDelayMs, signal);
      signal.throwIfAborted();
      if (chunk.done) this.recordSuccess(0, chunk.usage?.totalTokens ?? 0);
      yield chunk;
    }
  }
}

type Said = Exclude<MockAnswer, (options: GenerateOptions) => unknown>;

async function saidOf(answer: MockAnswer, options: GenerateOptions): Promise<Said> {
  return typeof answer === 'function' ? saidOf(await answer(options), options) : answer;
}

/** Chunks as they were given, and after them an end where they have none. */
function chunksOf(
  said: Exclude<Said, Error>,
  { stream, model }: GenerateOptions,
  defaultModel: string,
): readonly ChatCompletionChunk[] {
  const about = { model: model ?? defaultModel };
  const end: ChatCompletionChunk = { ...about, content: '', done: true, choices: [{ index: 0, finishReason: 'stop' }] };
  if (typeof said === 'string') {
    const texts = stream === true ? (said.match(/\s*\S+\s*/gu) ?? []) : [said];
    return [...texts.map((content) => ({ ...about, content, done: false })), end];
  }
  const chunks = 'done' in said ? [said] : said;
  return chunks.at(-1)?.done === true ? chunks : [...chunks, end];
}

/** A provider for tests of code that takes providers. Until it is told something else it says `Mock response`. */
export const newMockProvider = (name = 'mock', options: MockOptions = {}): MockProvider =>
  new MockProvider(name, options);

/** What a mock says from now on: one answer each call, in turn; the last one is repeated. */
export const setMockResponse = (provider: MockProvider, ...answers: readonly MockAnswer[]): void =>
  provider.setResponses(answers);
