import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

/** The envelope of this interface's answers. */
export const kitEnvelope = <Data extends z.ZodMiniType>(data: Data) =>
  z.object({ success: z.literal(true), data, request_id: z.string(), timestamp: Timestamp });

/** A provider as lists show it. One that nobody looked at counts as healthy. */
export const KitProvider = z.object({
  name: z.string(),
  type: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  /** Whether there is an account to call it with. */
  authenticated: z.boolean(),
  healthy: z.boolean(),
  /** Empty where calls must name their model. */
  default_model: z.string(),
  supports_streaming: z.boolean(),
  supports_tool_calling: z.boolean(),
});

/**
 * Settings of a provider under their names in files: `base_url`, `api_key`, `headers`, `name`, `description`, `enabled`,
 * `default_model`. What else the library's files have is told by name to be no setting of a provider here.
 */
export const KitProviderChange = z.looseObject({});

/** Every provider that can be called. */
export const KitProviders = z.object({ providers: z.array(KitProvider), count: z.int() });

/** A model of a provider. Members are absent where nobody knows. */
export const KitModel = z.object({
  id: z.string(),
  name: z.string(),
  /** Prompt and answer together, in tokens. */
  max_tokens: z.optional(z.int()),
  /** Longest answer, in tokens. */
  output_tokens: z.optional(z.int()),
  supports_tool_calling: z.optional(z.boolean()),
});

/** The models of a provider. */
export const KitModels = z.object({ models: z.array(KitModel), count: z.int() });

/** What a look at a provider found. */
export const KitHealth = z.object({
  provider: z.string(),
  status: z.string(),
  healthy: z.boolean(),
  message: z.string(),
  /** Milliseconds. */
  response_time: z.number(),
});

/** Tokens of one call. */
export const KitUsage = z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() });

/** What came of a question that was asked to try a provider. */
export const KitTest = z.object({
  status: z.literal('success'),
  provider: z.string(),
  model: z.string(),
  prompt: z.string(),
  response: z.string(),
  /** Milliseconds. */
  response_time: z.number(),
  usage: z.optional(KitUsage),
});

/** How the gateway is, with its providers. */
export const KitStatus = z.object({
  status: z.literal('ok'),
  version: z.string(),
  /** Whole seconds since the start. */
  uptime: z.int(),
  providers: z.array(KitProvider),
});

/**
 * A question: `prompt` or `messages`; `provider`, `model`, `max_tokens`, `temperature`, `stop`, `stream`, `tools`,
 * `tool_choice`, `response_format` and `metadata` where they are wanted. What is wrong is told by one reader, which
 * backends of the library share; members that it does not know are left alone.
 */
export const KitQuestion = z.looseObject({});

/** A whole answer. */
export const KitAnswer = z.looseObject({
  content: z.string(),
  model: z.string(),
  provider: z.string(),
  finish_reason: z.optional(z.string()),
  usage: z.optional(KitUsage),
});

/** What `KitProvider` reads. */
export type KitProvider = z.output<typeof KitProvider>;
