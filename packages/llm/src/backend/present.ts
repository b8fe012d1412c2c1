import type { ChatCompletionChunk, ChatUsage } from '../kit/chat-stream.ts';
import type { ChatToolCall } from '../kit/chat-tool.ts';
import type { HealthStatus, Model, Provider } from '../kit/provider.ts';

/** Usage under its names on the wire. */
export const presentUsage = ({ promptTokens, completionTokens, totalTokens }: ChatUsage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: totalTokens,
});

/** A whole answer to `POST /api/generate`, before it is written. */
export interface GeneratedAnswer {
  readonly content: string;
  readonly model: string;
  readonly provider: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly ChatToolCall[];
  /** `stop`, `length`, `tool_calls`, `content_filter` or the vendor's own word. */
  readonly finishReason?: string;
  readonly usage?: ChatUsage;
  /** What the caller sent along, and what wrappers and extensions add. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A whole answer under its names on the wire. */
export const presentAnswer = ({ usage, toolCalls, finishReason, ...rest }: GeneratedAnswer) => ({
  ...rest,
  ...(toolCalls && { tool_calls: toolCalls }),
  ...(finishReason !== undefined && { finish_reason: finishReason }),
  ...(usage && { usage: presentUsage(usage) }),
});

/** One event of a streamed answer. The calls in it are pieces: `id` and `name` come once, `arguments` bit by bit. */
export function presentChunk(chunk: ChatCompletionChunk) {
  const { id, model, content, done, reasoning, usage, metadata, choices: [choice] = [] } = chunk;
  const toolCalls = choice?.delta?.toolCalls ?? choice?.message?.toolCalls;
  return {
    ...(id !== undefined && { id }),
    ...(model !== undefined && { model }),
    content,
    done,
    ...(reasoning !== undefined && { reasoning }),
    ...(toolCalls && { tool_calls: toolCalls }),
    ...(choice?.finishReason !== undefined && { finish_reason: choice.finishReason }),
    ...(usage && { usage: presentUsage(usage) }),
    ...(metadata && { metadata }),
  };
}

/** A provider in a list, as much as can be said without asking it. */
export interface ShownProvider {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly authenticated: boolean;
  readonly healthy: boolean;
  readonly default_model: string;
  readonly supports_streaming: boolean;
  readonly supports_tool_calling: boolean;
}

/** A provider as lists show it. One that nobody looked at counts as healthy. */
export const presentProvider = (provider: Provider): ShownProvider => ({
  name: provider.name(),
  type: provider.type(),
  description: provider.description(),
  enabled: true,
  authenticated: provider.isAuthenticated(),
  healthy: provider.getMetrics().healthStatus.healthy,
  default_model: provider.getDefaultModel(),
  supports_streaming: provider.supportsStreaming(),
  supports_tool_calling: provider.supportsToolCalling(),
});

/** What a look at a provider found; `response_time` is milliseconds. */
export const presentHealth = (name: string, { healthy, message, responseTime, statusCode }: HealthStatus) => ({
  provider: name,
  status: healthy ? 'healthy' : 'unhealthy',
  healthy,
  message,
  response_time: Math.round(responseTime),
  ...(statusCode !== undefined && { provider_status: statusCode }),
});

/** A model of a provider's list. */
export const presentModel = ({ id, name, maxTokens, outputTokens, supportsToolCalling }: Model) => ({
  id,
  name,
  ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  ...(outputTokens !== undefined && { output_tokens: outputTokens }),
  ...(supportsToolCalling !== undefined && { supports_tool_calling: supportsToolCalling }),
});

/** Plain data with the names of its members in snake case, however deep. Lists and dates stay what they are. */
export function snakeMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeMembers);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [snake(name), snakeMembers(each)]));
}

const snake = (name: string): string => name.replace(/[a-z0-9](?=[A-Z])/g, '$&_').toLowerCase();
