import type { ListedModel } from '../client/list-models.ts';
import { LlmError } from '../client/llm-error.ts';
import { systemRandom } from '../model/clock.ts';
import { isOutput, type StreamEvent } from '../model/event.ts';
import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import type { GenerationRequest } from '../model/request.ts';
import { RETRY_POLICIES, withRetries } from '../resilience/retry-policy.ts';
import { BaseProvider } from './base-provider.ts';
import { beginCall, type KitCall } from './begin-call.ts';
import { newChatStream, type ChatCompletionChunk, type ChatCompletionStream } from './chat-stream.ts';
import { chunksOfAnswer, chunksOfEvents } from './chunks-of.ts';
import { connect, type Connection, type ProviderParts } from './connect.ts';
import { defaultModelOf } from './default-models.ts';
import type { ChatCallOptions, GenerateOptions } from './generate-options.ts';
import type { ProviderConfig } from './provider-config.ts';
import { ProviderError, providerErrorOf } from './provider-error.ts';
import type { Model } from './provider.ts';
import type { ToolFormat } from './provider-types.ts';
import { requestOf } from './request-of.ts';
import {
  askServerTool,
  serverToolOf,
  serverToolsOf,
  type ServerToolParams,
  type ServerToolResult,
} from './server-tools.ts';
import { newConnectivityTester, type ConnectivityTester, type TestOptions } from './test-provider.ts';
import type { TestResult } from './test-result.ts';

/** A provider of the registry, called through the library's own client. Made by `createProvider` of a factory. */
export class ClientProvider extends BaseProvider {
  readonly #parts: ProviderParts;
  #tester: ConnectivityTester;
  #connection: Connection;

  /** Throws `ProviderError` of code `invalid_config` when the config cannot work. Sends nothing. */
  constructor(config: ProviderConfig, parts: ProviderParts = {}) {
    super(config.type, config, parts.clock);
    this.#parts = parts;
    this.#tester = newConnectivityTester({ clock: this.clock });
    this.#connection = this.#connect();
  }

  override description(): string {
    return this.getConfig().description ?? this.#connection.record.name;
  }

  override getDefaultModel(): string {
    return this.getConfig().defaultModel ?? defaultModelOf(this.type());
  }

  override isAuthenticated(): boolean {
    const isOpen = this.#connection.record.auth.some(({ kind }) => kind === 'none');
    return isOpen || (this.getConfig().accounts ?? []).length > 0 || super.isAuthenticated();
  }

  override configure(config: ProviderConfig): void {
    super.configure(config);
    this.#connection = this.#connect();
    // What was found with other settings says nothing about these.
    this.#tester = newConnectivityTester({ clock: this.clock });
  }

  override supportsToolCalling(): boolean {
    return this.getConfig().supportsToolCalling ?? this.#connection.record.speaks.length > 0;
  }

  override supportsResponsesApi(): boolean {
    const speaks = this.#connection.record.speaks.some(({ format }) => format === 'openai-responses');
    return this.getConfig().supportsResponsesApi ?? speaks;
  }

  override getToolFormat(): ToolFormat {
    const format = this.#connection.record.speaks[0]?.format ?? 'openai-chat';
    return this.getConfig().toolFormat ?? TOOL_FORMATS[format] ?? 'openai';
  }

  override getModels(call: ChatCallOptions = {}): Promise<readonly Model[]> {
    return this.#list({ call, fresh: false });
  }

  /** Whether the provider can be reached and takes the credentials. What was found counts for 30 seconds. Never throws. */
  testConnectivity(options: TestOptions = {}): Promise<TestResult> {
    return this.#tester.test(this, options);
  }

  override async invokeServerTool(
    name: string,
    { input = '', ...settings }: ServerToolParams = {},
    call: ChatCallOptions = {},
  ): Promise<ServerToolResult> {
    const { record, client } = this.#connection;
    const model = this.getDefaultModel();
    const tool = serverToolOf(record, { name, model, settings });
    if (tool === undefined)
      throw this.invalid(
        `It runs no tool called ${name}. ${toldTools(serverToolsOf(record, model))}`,
        'invokeServerTool',
      );
    this.incrementRequestCount();
    const begun = this.#begin('invokeServerTool', { call, model });
    try {
      const result = await askServerTool(client, { tool, model: `${record.id}/${model}`, input }, begun.options);
      this.recordSuccess(begun.elapsedMs(), result.usage?.totalTokens ?? 0);
      return result;
    } catch (error) {
      const shown = error instanceof LlmError ? this.#errorOf(begun, error.failure, error) : error;
      this.recordError(shown);
      throw shown;
    } finally {
      begun.end();
    }
  }

  /** Asks for the models, which costs nothing; where there is no list, for a word of the default model. */
  protected override async probe(call: ChatCallOptions = {}): Promise<void> {
    if (this.#connection.record.models !== undefined) return void (await this.#list({ call, fresh: true }));
    const stream = await this.generateChatCompletion({ prompt: 'Answer with OK.', maxTokens: 16 }, call);
    for await (const _ of stream);
  }

  async generateChatCompletion(options: GenerateOptions, call: ChatCallOptions = {}): Promise<ChatCompletionStream> {
    this.incrementRequestCount();
    const begun = this.#begin('generateChatCompletion', { call, ...this.#wishes(options) });
    const asked = this.#requestOf(options);
    const opened = asked.ok ? await this.#open(begun, asked.value) : asked;
    if (opened.ok) return newChatStream(this.#counted(begun, opened.value), begun.end);
    const error = this.#errorOf(begun, opened.failure);
    begun.end();
    this.recordError(error);
    throw error;
  }

  /** A fresh list is the provider's own or an error: nothing stands in for it. */
  async #list({ call, fresh }: { readonly call: ChatCallOptions; readonly fresh: boolean }): Promise<readonly Model[]> {
    const { record, client } = this.#connection;
    const begun = this.#begin('getModels', { call });
    try {
      const listed = await client.listModels(record.id, { ...begun.options, fresh });
      const failure = begun.failure();
      if (fresh && failure !== undefined) throw new LlmError(failure);
      return listed.map((model) => this.#modelOf(model));
    } catch (error) {
      throw error instanceof LlmError ? this.#errorOf(begun, error.failure, error) : error;
    } finally {
      begun.end();
    }
  }

  #wishes({ model, timeout }: GenerateOptions): { readonly model: string; readonly timeoutMs?: number } {
    return { model: model ?? this.getDefaultModel(), ...(timeout !== undefined && { timeoutMs: timeout }) };
  }

  #requestOf(options: GenerateOptions): Result<GenerationRequest> {
    const { model } = this.#wishes(options);
    if (model === '') return failed(noModel(this.name()));
    const maxTokens = options.maxTokens ?? this.getConfig().maxTokens;
    const asked = maxTokens === undefined ? options : { ...options, maxTokens };
    return requestOf(asked, `${this.#connection.record.id}/${model}`);
  }

  /** Tries until an answer has begun. What breaks afterwards is the stream's matter: nothing may be asked twice then. */
  #open(begun: KitCall, request: GenerationRequest): Promise<Result<Chunks>> {
    const policy = { ...RETRY_POLICIES.default, retriesMax: this.getConfig().maxRetries };
    const random = this.#parts.random ?? systemRandom;
    const run = { policy, random, clock: this.clock, signal: begun.signal };
    return withRetries(run, () => (request.stream ? this.#openStream(begun, request) : this.#askWhole(begun, request)));
  }

  async #askWhole(begun: KitCall, request: GenerationRequest): Promise<Result<Chunks>> {
    try {
      return ok(chunksOfAnswer(await this.#connection.client.generate(request, begun.options)));
    } catch (error) {
      if (error instanceof LlmError) return failed(error.failure);
      throw error;
    }
  }

  async #openStream(begun: KitCall, request: GenerationRequest): Promise<Result<Chunks>> {
    const events = this.#connection.client.stream(request, begun.options)[Symbol.asyncIterator]();
    const heard: StreamEvent[] = [];
    for (;;) {
      const next = await events.next();
      if (next.done === true) return failed(SILENT);
      if (next.value.type === 'failure') {
        await events.return?.();
        return failed(next.value.failure);
      }
      heard.push(next.value);
      if (isOutput(next.value)) break;
    }
    return ok(chunksOfEvents(rejoined(heard, events), (failure) => this.#errorOf(begun, failure)));
  }

  async *#counted(begun: KitCall, chunks: Chunks): AsyncGenerator<ChatCompletionChunk> {
    try {
      for await (const chunk of chunks) {
        if (chunk.done) this.recordSuccess(begun.elapsedMs(), chunk.usage?.totalTokens ?? 0);
        yield chunk;
      }
    } catch (error) {
      this.recordError(error);
      throw error;
    }
  }

  #begin(
    operation: string,
    wishes: Omit<Parameters<typeof beginCall>[0], 'operation' | 'clock' | 'connection'>,
  ): KitCall {
    return beginCall({ operation, clock: this.clock, connection: this.#connection, ...wishes });
  }

  #errorOf(begun: KitCall, failure: Failure, cause?: unknown): ProviderError {
    return providerErrorOf(failure, begun.placeOf(this.name(), failure), cause);
  }

  #connect(): Connection {
    const connected = connect(this.getConfig(), this.#parts);
    if (connected.ok) return connected.value;
    throw new ProviderError({
      code: 'invalid_config',
      message: `invalid_config: ${connected.failure.message}`,
      provider: this.name(),
      operation: 'createProvider',
      cause: connected.failure,
    });
  }

  #modelOf({ id, name, contextTokens, maxOutputTokens, facts, price }: ListedModel): Model {
    const can = this.getConfig().modelCapabilities?.[id];
    const [context, output] = [can?.contextWindow ?? contextTokens, can?.maxTokens ?? maxOutputTokens];
    const tools = can?.supportsTools ?? facts?.capabilities.tools;
    const rates = price.state === 'priced' ? price.usdPerMillionTokens : undefined;
    return {
      id,
      name,
      provider: this.name(),
      supportsStreaming: can?.supportsStreaming ?? true,
      ...(context !== undefined && { maxTokens: context }),
      ...(output !== undefined && { outputTokens: output }),
      ...(tools !== undefined && { supportsToolCalling: tools }),
      ...(can?.capabilities && { capabilities: can.capabilities }),
      ...(rates && {
        pricing: { inputTokenPrice: rates.input, outputTokenPrice: rates.output, unit: 'USD per million tokens' },
      }),
    };
  }
}

type Chunks = Iterable<ChatCompletionChunk> | AsyncIterable<ChatCompletionChunk>;

const toldTools = (names: readonly string[]): string =>
  names.length === 0 ? 'There are none.' : `There are: ${names.join(', ')}.`;

const TOOL_FORMATS: Readonly<Partial<Record<string, ToolFormat>>> = {
  'anthropic-messages': 'anthropic',
  gemini: 'gemini',
};

const SILENT: Failure = { kind: 'protocol', message: 'The provider ended its stream without a word.' };

const noModel = (name: string): Failure => ({
  kind: 'invalid-request',
  path: 'model',
  message: `No model is named. Give model with the call, or defaultModel in the config of ${name}`,
});

async function* rejoined(heard: readonly StreamEvent[], rest: AsyncIterator<StreamEvent>): AsyncGenerator<StreamEvent> {
  try {
    yield* heard;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
