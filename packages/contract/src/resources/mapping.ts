import * as z from 'zod/mini';

import { PageQuery, Timestamp } from './page.ts';

/** A name that stands for a model of a provider. */
export const Mapping = z.object({
  id: z.string(),
  alias: z.string(),
  provider_id: z.string(),
  model_name: z.string(),
  description: z.nullable(z.string()),
  enabled: z.boolean(),
  priority: z.int(),
  /** Whose it is; null for everybody’s. */
  owner_id: z.nullable(z.string()),
  is_global: z.boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
  version: z.int(),
});

/** What a new mapping is made of. */
export const CreateMapping = z.object({
  alias: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
  provider_id: z.string().check(z.minLength(1), z.maxLength(50)),
  model_name: z.string().check(z.minLength(1), z.maxLength(255)),
  description: z.optional(z.nullable(z.string().check(z.maxLength(1000)))),
  enabled: z._default(z.boolean(), true),
  priority: z._default(z.int(), 0),
  is_global: z._default(z.boolean(), false),
});

/** What can change in a mapping. */
export const UpdateMapping = z.object({
  provider_id: z.optional(z.string().check(z.minLength(1), z.maxLength(50))),
  model_name: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
  description: z.optional(z.nullable(z.string().check(z.maxLength(1000)))),
  enabled: z.optional(z.boolean()),
  priority: z.optional(z.int()),
  is_global: z.optional(z.boolean()),
  version: z.optional(z.int()),
});

/** Which mappings to list. */
export const ListMappings = z.object({ search: z.optional(z.string()), ...PageQuery });

/** What `Mapping` reads. */
export type Mapping = z.output<typeof Mapping>;
