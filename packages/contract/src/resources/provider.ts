import * as z from 'zod/mini';

import { ProviderCapabilities } from './capabilities.ts';
import { Model } from './model.ts';
import { Flag, PageQuery, SortOrder, Timestamp } from './page.ts';

/** Ways in which providers are signed in to. */
export const AUTH_METHODS = ['api_key', 'oauth2', 'aws_iam', 'custom'] as const;
/** How a provider is signed in to. */
export const AuthMethod = z.enum(AUTH_METHODS);
/** States of a provider; `inactive` ones are not served. */
export const PROVIDER_STATUSES = ['active', 'inactive', 'testing'] as const;
/** State of a provider. */
export const ProviderStatus = z.enum(PROVIDER_STATUSES);

/** A provider's name in addresses: lowercase letters, digits and hyphens, 2 to 50 of them. */
export const IDENTIFIER = /^[a-z0-9][a-z0-9-]{1,49}$/;

/** Says what a field of a template is for; a request may hold it where a value is expected, and then has no value. */
export const FieldDescriptor = z.object({
  required: z.optional(z.boolean()),
  description: z.optional(z.string()),
  default: z.optional(z.string()),
  sensitive: z.optional(z.boolean()),
  validation: z.optional(
    z.object({
      pattern: z.optional(z.string()),
      minLength: z.optional(z.int()),
      maxLength: z.optional(z.int()),
      options: z.optional(z.array(z.string())),
    }),
  ),
});

/** How a provider is signed in to. `type` equals `authMethod`; headers may hold `{{field}}`. */
export const AuthConfig = z.object({
  type: AuthMethod,
  fields: z._default(z.record(z.string(), z.union([z.string(), FieldDescriptor])), {}),
  headers: z.optional(z.record(z.string(), z.string())),
  testEndpoint: z.optional(z.string()),
});

/** What one phase of a test found. */
export const TestPhase = z.object({
  phase: z.enum(['dns', 'tcp', 'tls', 'http', 'auth', 'model']),
  ok: z.boolean(),
  /** Milliseconds that the phase took. */
  durationMs: z.number(),
  /** What was found, in a sentence. */
  finding: z.string(),
});

/** How a provider's test went. A provider that does not answer is a result, not an error. */
export const ProviderTest = z.object({
  success: z.boolean(),
  /** Whole milliseconds. */
  responseTime: z.int(),
  availableModels: z.array(z.string()),
  capabilities: z.looseObject({}),
  errors: z.array(z.string()),
  testedAt: Timestamp,
  phases: z.array(TestPhase),
});

/** A provider with what is known of it. Secrets are masked. */
export const Provider = z.object({
  id: z.string(),
  identifier: z.string(),
  name: z.string(),
  description: z.optional(z.string()),
  apiEndpoint: z.string(),
  authMethod: AuthMethod,
  /** Secrets are masked. */
  authConfig: AuthConfig,
  capabilities: ProviderCapabilities,
  status: ProviderStatus,
  isSystem: z.boolean(),
  modelCount: z.int(),
  /** Present where the list was asked for them. */
  models: z.optional(z.array(Model)),
  createdBy: z.optional(z.string()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  lastTested: z.optional(Timestamp),
  testResult: z.optional(ProviderTest),
  /** Grows with each change; send it back in an update to be told when somebody else was faster. */
  version: z.int(),
});

/** What a provider is called, where people read it. */
export const ProviderName = z.string().check(z.trim(), z.minLength(1), z.maxLength(255));
const Description = z.string().check(z.maxLength(1000));

/** What a new provider is made of. */
export const CreateProvider = z.object({
  // Its pattern is checked by the operation, which answers with suggestions.
  identifier: z.string(),
  name: ProviderName,
  description: z.optional(Description),
  // So is this.
  apiEndpoint: z.string(),
  authMethod: AuthMethod,
  authConfig: AuthConfig,
  capabilities: ProviderCapabilities,
  status: z.optional(ProviderStatus),
});

/** What can change in a provider; a masked secret that comes back stays as it is. */
export const UpdateProvider = z.object({
  name: z.optional(ProviderName),
  description: z.optional(Description),
  apiEndpoint: z.optional(z.string()),
  authMethod: z.optional(AuthMethod),
  authConfig: z.optional(AuthConfig),
  capabilities: z.optional(ProviderCapabilities),
  status: z.optional(ProviderStatus),
  /** The version that the change is based on. Absent: the change is made whatever happened since. */
  version: z.optional(z.int()),
});

/** Which providers to list. */
export const ListProviders = z.object({
  /** Comma list of statuses. */
  status: z.optional(z.string()),
  authMethod: z.optional(AuthMethod),
  isSystem: z.optional(Flag),
  search: z.optional(z.string().check(z.maxLength(255))),
  sortBy: z._default(z.enum(['name', 'createdAt', 'updatedAt', 'lastTested']), 'name'),
  sortOrder: z._default(SortOrder, 'asc'),
  includeModels: z.optional(Flag),
  ...PageQuery,
});

/** What `Provider` reads. */
export type Provider = z.output<typeof Provider>;
/** What `CreateProvider` reads. */
export type CreateProvider = z.output<typeof CreateProvider>;
/** What `UpdateProvider` reads. */
export type UpdateProvider = z.output<typeof UpdateProvider>;
/** What `AuthConfig` reads. */
export type AuthConfig = z.output<typeof AuthConfig>;
/** What `FieldDescriptor` reads. */
export type FieldDescriptor = z.output<typeof FieldDescriptor>;
/** What `ProviderTest` reads. */
export type ProviderTest = z.output<typeof ProviderTest>;
/** What `TestPhase` reads. */
export type TestPhase = z.output<typeof TestPhase>;
/** What `AuthMethod` reads. */
export type AuthMethod = z.output<typeof AuthMethod>;
/** What `ProviderStatus` reads. */
export type ProviderStatus = z.output<typeof ProviderStatus>;
