import * as z from 'zod/mini';

import { ContextLength, ModelCapabilities, ProviderCapabilities } from './capabilities.ts';
import { Flag, PageQuery, SortOrder, Timestamp } from './page.ts';
import { AuthConfig, AuthMethod, ProviderName } from './provider.ts';

/** What a template says of the provider that it makes. */
export const ProviderConfig = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(255)),
  description: z.optional(z.string()),
  apiEndpoint: z.string(),
  authMethod: AuthMethod,
  authConfig: AuthConfig,
  capabilities: z.optional(ProviderCapabilities),
});

/** A model that a template makes with its provider. */
export const DefaultModel = z.object({
  identifier: z.string().check(z.minLength(1), z.maxLength(100)),
  name: z.string().check(z.minLength(1), z.maxLength(255)),
  description: z.optional(z.string()),
  contextLength: ContextLength,
  capabilities: z.optional(ModelCapabilities),
  isDefault: z.optional(z.boolean()),
});

/** A pattern to make providers from. */
export const Template = z.object({
  id: z.string(),
  name: z.string(),
  description: z.optional(z.string()),
  category: z.optional(z.string()),
  providerConfig: ProviderConfig,
  defaultModels: z.array(DefaultModel),
  isSystem: z.boolean(),
  createdBy: z.optional(z.string()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: z.int(),
});

/** What a new template is made of. */
export const CreateTemplate = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(255)),
  description: z.optional(z.string().check(z.maxLength(1000))),
  category: z.optional(z.string().check(z.maxLength(100))),
  providerConfig: ProviderConfig,
  defaultModels: z.array(DefaultModel).check(z.minLength(1)),
});

/** What can change in a template; with `version`, only that version changes. */
export const UpdateTemplate = z.extend(z.partial(CreateTemplate), { version: z.optional(z.int()) });

/** Which templates to list. */
export const ListTemplates = z.object({
  isSystem: z.optional(Flag),
  search: z.optional(z.string().check(z.maxLength(255))),
  category: z.optional(z.string()),
  sortBy: z._default(z.enum(['name', 'createdAt', 'updatedAt']), 'name'),
  sortOrder: z._default(SortOrder, 'asc'),
  ...PageQuery,
});

/** What is filled into a template. Any other member is taken for the auth field of that name. */
export const Customizations = z.looseObject({
  name: z.optional(z.string()),
  description: z.optional(z.string()),
  providerIdentifier: z.optional(z.string()),
  endpoint: z.optional(z.string()),
  authConfig: z.optional(z.looseObject({})),
  /** Identifiers of the default models to create. Absent: all. */
  selectedModels: z.optional(z.array(z.string())),
});

/** How to fill a template in. `identifier` and `name` may stand in `customizations` instead. */
export const ApplyTemplate = z.object({
  identifier: z.optional(z.string()),
  name: z.optional(ProviderName),
  customizations: z._default(Customizations, {}),
});

/** What applying a template would make. */
export const TemplatePreview = z.object({
  provider: z.looseObject({}),
  models: z.array(DefaultModel),
  /** What is still missing before it can be applied. */
  missing: z.array(z.string()),
});

/** What a template asks for. */
export const CustomizationOptions = z.object({
  fields: z.record(z.string(), z.looseObject({})),
  models: z.array(z.object({ identifier: z.string(), name: z.string(), isDefault: z.boolean() })),
});

/** Templates as an export holds them, 1 to 100. */
export const ImportTemplates = z.object({
  templates: z.array(z.looseObject({})).check(z.minLength(1), z.maxLength(100)),
  overwriteExisting: z._default(z.boolean(), false),
});

/** What `Template` reads. */
export type Template = z.output<typeof Template>;
/** What `CreateTemplate` reads. */
export type CreateTemplate = z.output<typeof CreateTemplate>;
/** What `ProviderConfig` reads. */
export type ProviderConfig = z.output<typeof ProviderConfig>;
/** What `DefaultModel` reads. */
export type DefaultModel = z.output<typeof DefaultModel>;
