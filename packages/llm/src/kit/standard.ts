import type { ChatMessage } from './chat-message.ts';
import type { ChatChoice, ChatCompletionChunk, ChatUsage } from './chat-stream.ts';
import type { ChatTool, ChatToolCall, ChatToolChoice } from './chat-tool.ts';
import type { ChatCallOptions, GenerateOptions } from './generate-options.ts';
import { ProviderError } from './provider-error.ts';
import type { Provider } from './provider.ts';

/** A question that has been looked through by `CoreRequestBuilder`. */
export interface StandardRequest extends Omit<GenerateOptions, 'prompt' | 'messages'> {
  readonly messages: readonly ChatMessage[];
}

/** A whole answer. */
export interface StandardResponse {
  readonly id: string;
  readonly model: string;
  readonly object: 'chat.completion';
  /** Seconds since 1970. */
  readonly created: number;
  readonly choices: readonly [Required<Pick<ChatChoice, 'index' | 'message' | 'finishReason'>>];
  /** Absent when the provider did not say. */
  readonly usage?: ChatUsage;
  /** What wrappers said, e.g. `racing_winner`. */
  readonly providerMetadata?: Readonly<Record<string, unknown>>;
}

/** A piece of an answer. */
export type StandardStreamChunk = ChatCompletionChunk;

/** Puts a request together; every step gives a new builder. */
export class CoreRequestBuilder {
  readonly #asked: GenerateOptions;

  constructor(asked: GenerateOptions = {}) {
    this.#asked = asked;
  }

  withMessages(messages: readonly ChatMessage[]): CoreRequestBuilder {
    return this.#with({ messages });
  }

  /** Adds one message after those that are there. */
  withMessage(message: ChatMessage): CoreRequestBuilder {
    return this.#with({ messages: [...(this.#asked.messages ?? []), message] });
  }

  withModel(model: string): CoreRequestBuilder {
    return this.#with({ model });
  }

  withMaxTokens(maxTokens: number): CoreRequestBuilder {
    return this.#with({ maxTokens });
  }

  withTemperature(temperature: number): CoreRequestBuilder {
    return this.#with({ temperature });
  }

  withStop(stop: readonly string[]): CoreRequestBuilder {
    return this.#with({ stop });
  }

  withStreaming(stream = true): CoreRequestBuilder {
    return this.#with({ stream });
  }

  withTools(tools: readonly ChatTool[]): CoreRequestBuilder {
    return this.#with({ tools });
  }

  withToolChoice(toolChoice: ChatToolChoice): CoreRequestBuilder {
    return this.#with({ toolChoice });
  }

  withResponseFormat(responseFormat: string): CoreRequestBuilder {
    return this.#with({ responseFormat });
  }

  withContext(context: string): CoreRequestBuilder {
    return this.#with({ context });
  }

  /** Milliseconds. */
  withTimeout(timeout: number): CoreRequestBuilder {
    return this.#with({ timeout });
  }

  withMetadata(metadata: Readonly<Record<string, unknown>>): CoreRequestBuilder {
    return this.#with({ metadata });
  }

  /** The request. Throws `ProviderError` of code `invalid_request`, which names everything that is wrong. */
  build(): StandardRequest {
    const { prompt, messages = [], ...rest } = this.#asked;
    const mistakes = mistakesIn(this.#asked);
    if (mistakes.length === 0)
      return { ...rest, messages: prompt ? [...messages, { role: 'user', content: prompt }] : messages };
    throw new ProviderError({
      code: 'invalid_request',
      message: `The request cannot be built: ${mistakes.join(' ')}`,
      provider: 'request',
      operation: 'build',
    });
  }

  #with(more: GenerateOptions): CoreRequestBuilder {
    return new CoreRequestBuilder({ ...this.#asked, ...more });
  }
}

function mistakesIn({
  prompt,
  messages = [],
  temperature = 0,
  maxTokens = 0,
  tools = [],
  toolChoice,
}: GenerateOptions) {
  const mistakes: string[] = [];
  if (messages.length === 0 && !prompt) mistakes.push('At least one message is needed: withMessages.');
  if (!(temperature >= 0 && temperature <= 2)) mistakes.push('The temperature must be from 0 to 2.');
  if (!(maxTokens >= 0)) mistakes.push('maxTokens must be 0 or more.');
  if (toolChoice !== undefined && tools.length === 0) mistakes.push('A tool choice needs tools: withTools.');
  return mistakes;
}

/** Asks for a whole answer: everything that comes is put together, and the usage is kept. Throws `ProviderError`. */
export async function generateStandardCompletion(
  provider: Provider,
  request: StandardRequest,
  call: ChatCallOptions = {},
): Promise<StandardResponse> {
  const stream = await provider.generateChatCompletion(request, call);
  const heard: Heard = { content: [], reasoning: [], calls: new Map(), last: { content: '', done: true } };
  for await (const chunk of stream) hear(heard, chunk);
  return responseOf(heard);
}

interface Heard {
  readonly content: string[];
  readonly reasoning: string[];
  /** Calls by their place. */
  readonly calls: Map<number, { call: ChatToolCall; readonly pieces: string[] }>;
  last: ChatCompletionChunk;
}

function hear(heard: Heard, chunk: ChatCompletionChunk): void {
  heard.content.push(chunk.content);
  heard.reasoning.push(chunk.reasoning ?? '');
  const [choice] = chunk.choices ?? [];
  for (const [at, call] of (choice?.message?.toolCalls ?? choice?.delta?.toolCalls ?? []).entries()) {
    const place = call.index ?? at;
    const known = heard.calls.get(place);
    if (known === undefined) heard.calls.set(place, { call, pieces: [call.function.arguments] });
    else known.pieces.push(call.function.arguments);
  }
  heard.last = { ...heard.last, ...chunk };
}

function responseOf({ content, reasoning, calls, last }: Heard): StandardResponse {
  const thought = reasoning.join('');
  const toolCalls = [...calls.values()].map(({ call: asked, pieces }) => {
    const { index: _, ...call } = asked;
    return { ...call, function: { name: call.function.name, arguments: pieces.join('') } };
  });
  const message: ChatMessage = {
    role: 'assistant',
    content: content.join(''),
    ...(thought !== '' && { reasoning: thought }),
    ...(toolCalls.length > 0 && { toolCalls }),
  };
  const { id = '', model = '', created = 0, choices = [], usage, metadata } = last;
  return {
    id,
    model,
    object: 'chat.completion',
    created,
    choices: [{ index: 0, message, finishReason: choices[0]?.finishReason ?? 'stop' }],
    ...(usage && { usage }),
    ...(metadata && { providerMetadata: metadata }),
  };
}
