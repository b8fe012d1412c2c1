import * as z from 'zod/mini';

/** Features whose prompts and answers are remembered. */
export const GENERATION_ENDPOINTS = ['outline', 'slides', 'images'] as const;

/** What is answered from memory: what features made, and what models said (`responses`). */
export const CACHED_ENDPOINTS = [...GENERATION_ENDPOINTS, 'responses'] as const;

/** Whose answers are forgotten. */
export const OfCache = z.object({ endpoint: z.enum(CACHED_ENDPOINTS) });

/** Which feature is asked about. */
export const OfEndpoint = z.object({ endpoint: z.enum(GENERATION_ENDPOINTS) });

/** Settings in effect by name, and the variables of the process that were set by hand; secrets only say that they are set. */
export const DebugConfig = z.object({
  version: z.string(),
  config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Where each setting that was set comes from. */
  sources: z.record(z.string(), z.string()),
  providers: z.array(z.object({ id: z.string(), accounts: z.int(), base_url: z.nullable(z.string()) })),
  /** What is missing for a part of the gateway to work, in sentences. */
  missing: z.array(z.string()),
});

/** What a model was asked last on behalf of a feature. */
export const DebugPrompt = z.object({
  endpoint: z.enum(GENERATION_ENDPOINTS),
  request_id: z.string(),
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  /** ISO 8601. */
  asked_at: z.string(),
  answered_at: z.nullable(z.string()),
  /** The beginning of the answer, or why there is none. */
  answer: z.nullable(z.string()),
});

/** How many answers were forgotten by the process that was asked; the others forget theirs, too. */
export const ClearedCache = z.object({ cleared: z.int(), endpoint: z.enum(CACHED_ENDPOINTS) });

/** Names a trace: its own id, or the id of the request. */
export const TraceParams = z.object({ id: z.string().check(z.minLength(1), z.maxLength(128)) });

/** Every decision on the way of one request. */
export const DebugTrace = z.object({
  id: z.string(),
  request_id: z.string(),
  /** ISO 8601. */
  started_at: z.string(),
  /** Of the last step, in milliseconds. */
  duration_ms: z.number(),
  steps: z.array(
    z.object({
      name: z.string(),
      /** Since the trace began. */
      at_ms: z.number(),
      facts: z.optional(z.record(z.string(), z.unknown())),
    }),
  ),
  dropped_steps: z.int(),
});

/** What `DebugConfig` reads. */
export type DebugConfig = z.output<typeof DebugConfig>;
