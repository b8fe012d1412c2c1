import * as z from 'zod/mini';

import { ContextLength, ModelCapabilities } from './capabilities.ts';
import { Flag, PageQuery, SortOrder, Timestamp } from './page.ts';

/** States of a model; only `active` ones are served. */
export const MODEL_STATUSES = ['active', 'inactive', 'deprecated'] as const;
/** State of a model. */
export const ModelStatus = z.enum(MODEL_STATUSES);

/** A model's name as its provider knows it. */
export const MODEL_IDENTIFIER = /^[a-zA-Z0-9\-_./:]+$/;

/** Prices per 1,000 tokens. */
export const PricingInfo = z.object({
  inputTokenPrice: z.number().check(z.minimum(0)),
  outputTokenPrice: z.number().check(z.minimum(0)),
  currency: z._default(z.string().check(z.regex(/^[A-Z]{3}$/)), 'USD'),
  billingUnit: z.optional(z.string()),
  lastUpdated: z.optional(Timestamp),
});

/** A model of a provider. */
export const Model = z.object({
  id: z.string(),
  providerId: z.string(),
  identifier: z.string(),
  name: z.string(),
  description: z.optional(z.string()),
  contextLength: z.int(),
  capabilities: ModelCapabilities,
  pricingInfo: z.optional(PricingInfo),
  status: ModelStatus,
  isDefault: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: z.int(),
});

const Identifier = z.string().check(z.minLength(1), z.maxLength(100), z.regex(MODEL_IDENTIFIER));
const Name = z.string().check(z.trim(), z.minLength(1), z.maxLength(255));

/** What a new model is made of. */
export const CreateModel = z.object({
  identifier: Identifier,
  name: Name,
  description: z.optional(z.string().check(z.maxLength(1000))),
  contextLength: z._default(ContextLength, 4096),
  /** Absent: what its provider can do, within the model's context. */
  capabilities: z.optional(ModelCapabilities),
  pricingInfo: z.optional(PricingInfo),
  status: z._default(ModelStatus, 'active'),
  isDefault: z._default(z.boolean(), false),
});

/** What can change in a model; with `version`, only that version changes. */
export const UpdateModel = z.object({
  name: z.optional(Name),
  description: z.optional(z.string().check(z.maxLength(1000))),
  contextLength: z.optional(ContextLength),
  capabilities: z.optional(ModelCapabilities),
  pricingInfo: z.optional(PricingInfo),
  status: z.optional(ModelStatus),
  isDefault: z.optional(z.boolean()),
  version: z.optional(z.int()),
});

/** Which models to list. */
export const ListModels = z.object({
  providerId: z.optional(z.string()),
  status: z.optional(ModelStatus),
  isDefault: z.optional(Flag),
  minContextLength: z.optional(z.coerce.number<number | string>()),
  maxContextLength: z.optional(z.coerce.number<number | string>()),
  /** Comma list of capabilities that must all be there, such as `supportsTools`. */
  capabilities: z.optional(z.string()),
  search: z.optional(z.string().check(z.maxLength(255))),
  sortBy: z._default(z.enum(['name', 'contextLength', 'createdAt']), 'name'),
  sortOrder: z._default(SortOrder, 'asc'),
  ...PageQuery,
});

/** How a model's test went; it makes one tiny call. */
export const ModelTest = z.object({
  success: z.boolean(),
  responseTime: z.int(),
  actualCapabilities: z.looseObject({}),
  errors: z.array(z.string()),
  testedAt: Timestamp,
});

/** How to take over a provider’s own list. */
export const ImportModels = z.object({
  /** Replaces models that are there already. */
  overwrite: z._default(z.boolean(), false),
  /** Says what would happen, and does nothing. */
  dryRun: z._default(z.boolean(), false),
});

/** What was taken over. */
export const ImportedModels = z.object({
  import: z.object({
    imported: z.array(z.string()),
    skipped: z.array(z.object({ identifier: z.string(), reason: z.string() })),
    errors: z.array(z.object({ identifier: z.string(), error: z.string() })),
  }),
  summary: z.object({ total: z.int(), imported: z.int(), skipped: z.int(), errors: z.int(), dryRun: z.boolean() }),
});

/** One thing to do with 1 to 50 models. */
export const BulkModels = z.object({
  operation: z.enum(['create', 'update', 'delete', 'activate', 'deactivate']),
  models: z
    .array(z.looseObject({ id: z.optional(z.string()), providerId: z.optional(z.string()) }))
    .check(z.minLength(1), z.maxLength(50)),
});

/** How it went with each model. */
export const BulkResult = z.object({
  success: z.boolean(),
  results: z.array(
    z.object({
      id: z.optional(z.string()),
      identifier: z.optional(z.string()),
      ok: z.boolean(),
      error: z.optional(z.string()),
    }),
  ),
  summary: z.object({ total: z.int(), succeeded: z.int(), failed: z.int() }),
});

/** What a model claims beside what is known of it. */
export const CapabilityCheck = z.object({
  valid: z.boolean(),
  claimed: z.looseObject({}),
  actual: z.looseObject({}),
  /** Where claim and finding differ, each in a sentence. */
  differences: z.array(z.string()),
});

/** What `Model` reads. */
export type Model = z.output<typeof Model>;
/** What `CreateModel` reads. */
export type CreateModel = z.output<typeof CreateModel>;
/** What `UpdateModel` reads. */
export type UpdateModel = z.output<typeof UpdateModel>;
/** What `ModelTest` reads. */
export type ModelTest = z.output<typeof ModelTest>;
/** What `PricingInfo` reads. */
export type PricingInfo = z.output<typeof PricingInfo>;
