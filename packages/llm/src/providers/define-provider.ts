import type { AuthScheme } from '../credentials/credential.ts';
import type { WireFormatId } from '../model/extras.ts';
import type { AnthropicMessagesDialect } from '../wire/anthropic-messages/dialect.ts';
import type { BedrockConverseDialect } from '../wire/bedrock-converse/dialect.ts';
import type { GeminiDialect } from '../wire/gemini/dialect.ts';
import type { OllamaChatDialect } from '../wire/ollama-chat/dialect.ts';
import type { OpenAiChatDialect } from '../wire/openai-chat/dialect.ts';
import type { OpenAiResponsesDialect } from '../wire/openai-responses/dialect.ts';

/** Where a provider serves a format. `{model}` stands for the model's name, which then leaves no trace in the body. */
interface Served<Format extends WireFormatId, Dialect> {
  readonly format: Format;
  readonly path: string;
  /** Where streams are asked for; default `path`. */
  readonly streamPath?: string;
  /** Where it counts the tokens of a request in this format; absent where it cannot. */
  readonly countPath?: string;
  /** Beginnings of the only models that are asked for in this format, in lower case. Default: all that no other names. */
  readonly models?: readonly string[];
  /** Whether slashes and colons in a model's name are percent-encoded in the path, too. Default no. */
  readonly encodesSlash?: true;
  readonly dialect?: Dialect;
}

/** One wire format a provider serves, where, and how it departs from the vendor's own. */
export type Speaks =
  | Served<'openai-chat', OpenAiChatDialect>
  | Served<'anthropic-messages', AnthropicMessagesDialect>
  | Served<'openai-responses', OpenAiResponsesDialect>
  | Served<'gemini', GeminiDialect>
  | Served<'bedrock-converse', BedrockConverseDialect>
  | Served<'ollama-chat', OllamaChatDialect>;

/**
 * What a provider may serve besides its formats, in OpenAI's shape; `rerank` in the shape that Cohere made common. The
 * names are OpenAI's paths.
 */
export type EndpointId =
  | 'embeddings'
  | 'completions'
  | 'moderations'
  | 'images/generations'
  | 'images/edits'
  | 'images/variations'
  | 'audio/speech'
  | 'audio/transcriptions'
  | 'audio/translations'
  | 'rerank';

/** Where a provider serves an endpoint: `path` is appended to its base URL. */
export interface ServedEndpoint {
  readonly path: string;
  /**
   * Outermost members with other names than in the common shape: what is asked from the common name to its own, what is
   * answered from its own to the common name. Answers with other names are held until they are whole.
   */
  readonly renames?: {
    readonly asked: Readonly<Record<string, string>>;
    readonly answered?: Readonly<Record<string, string>>;
  };
  /** Outermost members that it refuses, although its answers are, or are made, what they ask for. */
  readonly omits?: readonly string[];
}

/** A piece of an address that every customer has of their own, such as a region. */
export interface AddressVariable {
  /** Variable of the process that holds it. */
  readonly env: string;
  /** Stands where the variable is not set; without one it must be set, or the whole base URL. */
  readonly default?: string;
}

/** Another shape of a record, for installations whose variables ask for it. */
export interface RecordVariant {
  /** Variable of the process that asks for it. */
  readonly env: string;
  /** What the variable must hold. Default: anything. */
  readonly value?: string;
  /** What stands in the place of the record's own. */
  readonly record: Partial<Pick<ProviderRecord, 'baseUrl' | 'variables' | 'speaks' | 'models' | 'serves'>>;
}

/** A deployment: where it is, how to sign, which formats it speaks. Data only; behaviour is elsewhere. */
export interface ProviderRecord {
  readonly id: string;
  readonly name: string;
  /** The vendor's page that the facts come from; every record of ours has one. */
  readonly source?: string;
  /** Absolute URL without a trailing slash; `path` of a format is appended. `{name}` stands for a variable of that name. */
  readonly baseUrl: string;
  /** Addresses of other hosts, in their order, for requests that one before cannot serve. */
  readonly fallbackUrls?: readonly string[];
  /** What stands in braces in addresses, paths and dialects. See `deployedRecord`. */
  readonly variables?: Readonly<Record<string, AddressVariable>>;
  /** The first that is asked for holds. */
  readonly variants?: readonly RecordVariant[];
  readonly auth: readonly [AuthScheme, ...AuthScheme[]];
  /** Formats in order of preference when the caller's own is not among them; none for a provider without chats. */
  readonly speaks: readonly Speaks[];
  /** Prefix of the environment variables `<PREFIX>_API_KEY` and `<PREFIX>_BASE_URL`. */
  readonly envPrefix: string;
  /** Headers sent with every request, such as an API version; lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly models?: { readonly listPath: string };
  /** Endpoints it serves besides; those that are absent it does not serve. */
  readonly serves?: Readonly<Partial<Record<EndpointId, ServedEndpoint>>>;
  /** Bare model names that belong here, as lower-case prefixes, e.g. `gpt-`. */
  readonly modelPrefixes?: readonly string[];
}

/** Returns the record unchanged; it exists so that literals are checked where they are written. */
export const defineProvider = <const Record extends ProviderRecord>(record: Record): Record => record;
