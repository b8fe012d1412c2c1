import * as z from 'zod/mini';

/** Longest context that can be named, in tokens. */
export const CONTEXT_TOKENS_MAX = 2_000_000;

/** Prompt and answer together, in tokens. */
export const ContextLength = z.int().check(z.minimum(1), z.maximum(CONTEXT_TOKENS_MAX));

const RateLimits = z.object({
  requestsPerMinute: z.optional(z.int().check(z.minimum(1))),
  tokensPerMinute: z.optional(z.int().check(z.minimum(1))),
  requestsPerDay: z.optional(z.int().check(z.minimum(1))),
  tokensPerDay: z.optional(z.int().check(z.minimum(1))),
  concurrentRequests: z.optional(z.int().check(z.minimum(1))),
});

const COMMON = {
  supportsSystemMessages: z.boolean(),
  maxContextLength: ContextLength,
  supportedRoles: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
  supportsStreaming: z.boolean(),
  supportsTools: z.boolean(),
};

/** What a provider can do at most. */
export const ProviderCapabilities = z.looseObject({
  ...COMMON,
  supportedAuthMethods: z.optional(z.array(z.string())),
  rateLimits: z.optional(RateLimits),
});

/** What a model can do; never more than its provider. */
export const ModelCapabilities = z.looseObject({
  ...COMMON,
  supportsFunctionCalling: z._default(z.boolean(), false),
  supportsVision: z.optional(z.boolean()),
  supportsAudio: z.optional(z.boolean()),
  supportsImageGeneration: z.optional(z.boolean()),
  supportsCodeExecution: z.optional(z.boolean()),
});

/** What `ProviderCapabilities` reads. */
export type ProviderCapabilities = z.output<typeof ProviderCapabilities>;
/** What `ModelCapabilities` reads. */
export type ModelCapabilities = z.output<typeof ModelCapabilities>;
