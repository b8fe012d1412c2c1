import type {
  AccountPolicyRecord,
  AccountRecord,
  AlertRecord,
  ApiKeyRecord,
  AuditRecord,
  EventRecord,
  HealthRecord,
  JsonWithSecrets,
  MappingRecord,
  ModelRecord,
  OAuthSessionRecord,
  ProviderRecord,
  RefreshTokenRecord,
  SettingRecord,
  TemplateRecord,
  UserRecord,
} from '../records.ts';
import { flag, json, note, number, optional, text, time, uuid, type Field } from './field.ts';
import type { Resource } from './resource.ts';

/** Written by the repository after it has sealed what is secret, so nothing but JSON is left in it. */
const sealedJson = (column: string): Field<JsonWithSecrets> => ({
  column,
  kind: 'json',
  sealed: true,
  read: (value) => JSON.parse(String(value)) as JsonWithSecrets,
  write: (value) => JSON.stringify(value),
});

const VERSIONED = {
  version: number('version'),
  createdAtMs: time('created_at'),
  updatedAtMs: time('updated_at'),
};

/** Users. */
export const USERS: Resource<UserRecord> = {
  table: 'users',
  fields: {
    id: uuid('id'),
    username: text('username'),
    email: text('email'),
    role: text('role'),
    status: text('status'),
    passwordHash: text('password_hash'),
    preferences: json('preferences'),
    lastLoginMs: note(optional(time('last_login'))),
    ...VERSIONED,
  },
  sortable: ['username', 'email', 'createdAtMs', 'updatedAtMs'],
  searched: ['username', 'email'],
};

/** Providers made at run time. */
export const PROVIDERS: Resource<ProviderRecord> = {
  table: 'providers',
  fields: {
    // A UUID, or the name of one that is built in.
    id: text('id'),
    identifier: text('identifier'),
    name: text('name'),
    description: optional(text('description')),
    apiEndpoint: text('api_endpoint'),
    authMethod: text('auth_method'),
    authConfig: sealedJson('auth_config'),
    capabilities: json('capabilities'),
    status: text('status'),
    isSystem: flag('is_system'),
    createdBy: optional(uuid('created_by')),
    lastTestedMs: note(optional(time('last_tested'))),
    testResult: note(optional(json('test_result'))),
    ...VERSIONED,
  },
  sortable: ['name', 'identifier', 'createdAtMs', 'updatedAtMs', 'lastTestedMs'],
  searched: ['identifier', 'name', 'description'],
};

/** Their models. */
export const MODELS: Resource<ModelRecord> = {
  table: 'models',
  fields: {
    id: uuid('id'),
    providerId: text('provider_id'),
    identifier: text('identifier'),
    name: text('name'),
    description: optional(text('description')),
    contextLength: number('context_length'),
    capabilities: json('capabilities'),
    pricingInfo: optional(json('pricing_info')),
    status: text('status'),
    isDefault: flag('is_default'),
    ...VERSIONED,
  },
  sortable: ['name', 'identifier', 'contextLength', 'createdAtMs', 'updatedAtMs'],
  searched: ['identifier', 'name', 'description'],
};

/** Accounts at providers. */
export const ACCOUNTS: Resource<AccountRecord> = {
  table: 'accounts',
  fields: {
    id: text('id'),
    providerId: text('provider_id'),
    label: text('label'),
    authData: sealedJson('auth_data'),
    metadata: json('metadata'),
    isActive: flag('is_active'),
    proxyId: optional(number('proxy_id')),
    proxyUrl: optional(text('proxy_url')),
    expiresAtMs: note(optional(time('expires_at'))),
    lastUsedAtMs: note(optional(time('last_used_at'))),
    usageCount: note(number('usage_count')),
    healthStatus: note(text('health_status')),
    failureCount: note(number('failure_count')),
    lastErrorAtMs: note(optional(time('last_error_at'))),
    lastErrorMsg: note(optional(text('last_error_msg'))),
    lastSuccessAtMs: note(optional(time('last_success_at'))),
    createdBy: optional(text('created_by')),
    origins: note(optional(json('origins'))),
    tokenGeneration: note(optional(number('token_generation'))),
    tokenParkedVersion: note(optional(number('token_parked_version'))),
    ...VERSIONED,
  },
  sortable: ['id', 'label', 'providerId', 'createdAtMs', 'updatedAtMs', 'lastUsedAtMs'],
  searched: ['id', 'label', 'providerId'],
};

/** Sign-ins that have begun. */
export const OAUTH_SESSIONS: Resource<OAuthSessionRecord> = {
  table: 'oauth_sessions',
  fields: {
    id: text('id'),
    providerId: text('provider_id'),
    status: text('status'),
    data: sealedJson('data'),
    accountId: optional(text('account_id')),
    error: optional(text('error')),
    createdBy: optional(text('created_by')),
    expiresAtMs: time('expires_at'),
    ...VERSIONED,
  },
  sortable: ['createdAtMs'],
  searched: ['providerId'],
};

/** Keys of users. */
export const API_KEYS: Resource<ApiKeyRecord> = {
  table: 'api_keys',
  fields: {
    id: text('id'),
    userId: optional(text('user_id')),
    keyHash: text('key_hash'),
    olderKeyHash: optional(text('older_key_hash')),
    olderKeyEndsAtMs: optional(time('older_key_ends_at')),
    keyPrefix: text('key_prefix'),
    label: text('label'),
    role: optional(text('role')),
    kind: text('kind'),
    isActive: flag('is_active'),
    limits: json('limits'),
    capture: optional(text('capture')),
    switchedOffBy: optional(text('switched_off_by')),
    expiresAtMs: optional(time('expires_at')),
    lastUsedAtMs: note(optional(time('last_used_at'))),
    ...VERSIONED,
  },
  sortable: ['createdAtMs', 'label', 'lastUsedAtMs'],
  searched: ['label', 'keyPrefix'],
};

/** Names that stand for models. */
export const MAPPINGS: Resource<MappingRecord> = {
  table: 'model_mappings',
  fields: {
    id: text('id'),
    alias: text('alias'),
    providerId: text('provider_id'),
    modelName: text('model_name'),
    description: optional(text('description')),
    enabled: flag('enabled'),
    priority: number('priority'),
    ownerId: optional(text('owner_id')),
    ...VERSIONED,
  },
  sortable: ['alias', 'priority', 'createdAtMs', 'updatedAtMs'],
  searched: ['alias', 'providerId', 'modelName', 'description'],
};

/** Ways to choose among the accounts of providers. */
export const ACCOUNT_POLICIES: Resource<AccountPolicyRecord> = {
  table: 'account_policies',
  fields: { id: text('id'), policy: text('policy'), updatedBy: optional(text('updated_by')), ...VERSIONED },
  sortable: ['id'],
  searched: ['id'],
};

/** Patterns of providers. */
export const TEMPLATES: Resource<TemplateRecord> = {
  table: 'provider_templates',
  fields: {
    id: text('id'),
    name: text('name'),
    description: optional(text('description')),
    category: optional(text('category')),
    providerConfig: json('provider_config'),
    defaultModels: json('default_models'),
    isSystem: flag('is_system'),
    createdBy: optional(uuid('created_by')),
    ...VERSIONED,
  },
  sortable: ['name', 'createdAtMs', 'updatedAtMs'],
  searched: ['name', 'description'],
};

/** Settings changed at run time. */
export const SETTINGS: Resource<SettingRecord> = {
  table: 'settings',
  fields: {
    id: text('id'),
    value: json('value'),
    updatedBy: optional(text('updated_by')),
    version: number('version'),
    createdAtMs: number('created_at_ms'),
    updatedAtMs: number('updated_at_ms'),
  },
  sortable: ['id', 'updatedAtMs'],
  searched: ['id'],
};

/** Providers that went bad or came back. */
export const ALERTS: Resource<AlertRecord> = {
  table: 'provider_alerts',
  fields: {
    id: uuid('id'),
    providerId: text('provider_id'),
    type: text('type'),
    severity: text('severity'),
    message: text('message'),
    atMs: time('timestamp'),
    acknowledged: flag('acknowledged'),
    acknowledgedAtMs: optional(time('acknowledged_at')),
    resolvedAtMs: optional(time('resolved_at')),
    version: number('version'),
  },
  sortable: ['atMs'],
  searched: ['message'],
};

/** What happened to the system. */
export const EVENTS: Resource<EventRecord> = {
  table: 'system_events',
  fields: {
    id: text('id'),
    atMs: number('at_ms'),
    type: text('type'),
    category: text('category'),
    message: text('message'),
    details: optional(json('details')),
  },
  sortable: ['atMs'],
  searched: ['message'],
};

/** Who changed what. */
export const AUDIT: Resource<AuditRecord> = {
  table: 'audit_log',
  fields: {
    id: text('id'),
    atMs: number('at_ms'),
    actorId: optional(text('actor_id')),
    actorName: text('actor_name'),
    action: text('action'),
    resource: text('resource'),
    resourceId: optional(text('resource_id')),
    before: optional(json('before')),
    after: optional(json('after')),
    requestId: optional(text('request_id')),
    peer: optional(text('peer')),
  },
  sortable: ['atMs'],
  searched: ['action', 'actorName', 'resourceId'],
};

/** Looks at providers' health. */
export const HEALTH: Resource<HealthRecord> = {
  table: 'provider_health',
  fields: {
    id: uuid('id'),
    providerId: text('provider_id'),
    status: text('status'),
    checkedAtMs: time('last_check'),
    responseTimeMs: optional(number('response_time')),
    error: optional(text('error')),
    uptime: optional(number('uptime')),
  },
  sortable: ['checkedAtMs'],
  searched: ['error'],
};

/** Sessions. */
export const REFRESH_TOKENS: Resource<RefreshTokenRecord> = {
  table: 'refresh_tokens',
  fields: {
    id: text('id'),
    familyId: text('family_id'),
    userId: text('user_id'),
    hash: text('hash'),
    issuedAtMs: number('issued_at_ms'),
    expiresAtMs: number('expires_at_ms'),
    usedAtMs: optional(number('used_at_ms')),
    revokedAtMs: optional(number('revoked_at_ms')),
  },
  sortable: ['issuedAtMs'],
  searched: [],
};
