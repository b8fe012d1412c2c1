import type { Secret } from '@patchbay/llm/credentials/secret';
import type { JsonObject } from '@patchbay/llm/model/json';

/** JSON as a row holds it, except that on its way in any text may be a `Secret`, which is sealed before it is written. */
export type JsonWithSecrets =
  | null
  | boolean
  | number
  | string
  | Secret
  | readonly JsonWithSecrets[]
  | { readonly [name: string]: JsonWithSecrets | undefined };

/** What every row that can be changed carries. */
export interface Versioned {
  readonly id: string;
  /** Grows by one with each change, whoever makes it: through a repository or by hand in SQL. From 1. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Somebody who may log in. */
export interface UserRecord extends Versioned {
  /** Unique whatever its letter case; so is `email`. */
  readonly username: string;
  readonly email: string;
  readonly role: string;
  readonly status: string;
  readonly passwordHash: string;
  readonly preferences: JsonObject;
  readonly lastLoginMs?: number;
}

/** A provider that was created at run time. */
export interface ProviderRecord extends Versioned {
  /** Unique name in addresses. */
  readonly identifier: string;
  readonly name: string;
  readonly description?: string;
  readonly apiEndpoint: string;
  readonly authMethod: string;
  /** Read: secrets are sealed texts, which `openSecrets` opens. Written: each `Secret` in it is sealed for this row. */
  readonly authConfig: JsonWithSecrets;
  readonly capabilities: JsonObject;
  readonly status: string;
  readonly isSystem: boolean;
  readonly createdBy?: string;
  readonly lastTestedMs?: number;
  readonly testResult?: JsonObject;
}

/** A model of such a provider; gone with it. */
export interface ModelRecord extends Versioned {
  readonly providerId: string;
  /** Unique within its provider. */
  readonly identifier: string;
  readonly name: string;
  readonly description?: string;
  readonly contextLength: number;
  readonly capabilities: JsonObject;
  readonly pricingInfo?: JsonObject;
  readonly status: string;
  readonly isDefault: boolean;
}

/** An account at a provider, with what presents us there. */
export interface AccountRecord extends Versioned {
  /** Name of the provider in addresses, whether the settings, a row or a built-in record describes it. */
  readonly providerId: string;
  readonly label: string;
  /** Read: secrets are sealed texts, which `openAuthData` opens. Written: each `Secret` in it is sealed for this row. */
  readonly authData: JsonWithSecrets;
  readonly metadata: JsonObject;
  readonly isActive: boolean;
  /** The proxy it goes out through, as the pool of proxies numbers it. */
  readonly proxyId?: number;
  readonly proxyUrl?: string;
  /** When its token ends. */
  readonly expiresAtMs?: number;
  readonly lastUsedAtMs?: number;
  readonly usageCount: number;
  /** `healthy`, `degraded` or `down`: how the last calls through it went. */
  readonly healthStatus: string;
  /** Failures in a row. */
  readonly failureCount: number;
  readonly lastErrorAtMs?: number;
  readonly lastErrorMsg?: string;
  readonly lastSuccessAtMs?: number;
  readonly createdBy?: string;
  /** Where its secrets may go: the provider's origins when they were written. Absent in rows written by hand. */
  readonly origins?: readonly string[];
  /** How often its tokens were renewed; absent for never. */
  readonly tokenGeneration?: number;
  /** The version whose tokens the provider refused to renew. While it is the current one, nobody asks again. */
  readonly tokenParkedVersion?: number;
}

/** A sign-in that has begun. Its id is the hash of its state. */
export interface OAuthSessionRecord extends Versioned {
  /** Of the definition, not of the accounts' provider. */
  readonly providerId: string;
  /** `pending`, `taken` by whoever ends it, `done` or `failed`. */
  readonly status: string;
  /** What ends it; sealed. */
  readonly data: JsonWithSecrets;
  readonly accountId?: string;
  readonly error?: string;
  readonly createdBy?: string;
  readonly expiresAtMs: number;
}

/** What was learned of the limits of one account for one model. */
export interface QuotaPatternRecord {
  readonly accountId: string;
  readonly model: string;
  /** Requests and tokens in one window of five hours. */
  readonly requestLimit: number;
  readonly tokenLimit: number;
  /** 0 to 1, at the time of the last sample. */
  readonly confidence: number;
  readonly samples: number;
  readonly lastExhaustedAtMs: number;
}

/** What calls through an account told of it since the last note. */
export interface AccountNote {
  readonly id: string;
  /** Calls begun. */
  readonly uses: number;
  readonly lastUsedAtMs?: number;
  /** Absent while no call has ended. */
  readonly health?: {
    readonly status: string;
    readonly failures: number;
    readonly lastSuccessAtMs?: number;
    readonly lastError?: { readonly atMs: number; readonly message: string };
  };
}

/** An outbound proxy. Its id is a whole number, written as a text. */
export interface ProxyRecord extends Versioned {
  /** Unique. The password in it is `***`; one that was written there by hand counts. */
  readonly url: string;
  /** Read: sealed, which `openProxyPassword` opens. Written: a `Secret` is sealed for this row. */
  readonly password?: string | Secret;
  readonly label?: string;
  /** `http`, `https` or `socks5`. */
  readonly protocol: string;
  readonly isActive: boolean;
  /** `healthy`, `degraded` or `down`. */
  readonly healthStatus: string;
  /** 0 and less: as many as there are. */
  readonly maxAccounts: number;
  readonly currentAccounts: number;
  readonly lastUsedAtMs?: number;
  readonly usageCount: number;
  /** The highest is filled first. */
  readonly priority: number;
  readonly weight: number;
  /** Faults of the proxy in a row, and how many of them take it out. */
  readonly consecutiveFailures: number;
  readonly maxFailures: number;
  /** Percent of the last calls that it carried. */
  readonly successRate: number;
  readonly avgLatencyMs: number;
  readonly lastCheckedAtMs?: number;
  readonly markedDownAtMs?: number;
}

/** What was found of a proxy since the last note; what is absent stays. */
export interface ProxyNote {
  readonly id: string;
  /** Calls begun. */
  readonly uses?: number;
  readonly lastUsedAtMs?: number;
  readonly lastCheckedAtMs?: number;
  readonly currentAccounts?: number;
  readonly health?: {
    readonly status: string;
    readonly consecutiveFailures: number;
    readonly successRate: number;
    readonly avgLatencyMs: number;
    /** Absent: it is not down. */
    readonly markedDownAtMs?: number | undefined;
  };
}

/** What went through a proxy on one day, to one provider where that is known. */
export interface ProxyDay {
  readonly proxyId: string;
  readonly providerId?: string;
  /** In UTC, like `2026-11-21`. */
  readonly date: string;
  readonly requests: number;
  readonly successes: number;
  readonly errors: number;
  /** Sum over all requests, in milliseconds. */
  readonly latencyMs: number;
  readonly tokens: number;
}

/** A key of a user, or of nobody in particular. The text itself is not stored. */
export interface ApiKeyRecord extends Versioned {
  readonly userId?: string;
  /** Keyed hash of the whole key, in hexadecimal; unique. */
  readonly keyHash: string;
  /** The same of the text before the last rotation, which opens until it ends; then the hash says nothing. */
  readonly olderKeyHash?: string;
  readonly olderKeyEndsAtMs?: number;
  /** How the key begins: enough to tell it by, not to guess it. */
  readonly keyPrefix: string;
  readonly label: string;
  /** What it may do on management routes; absent where it calls models only. */
  readonly role?: string;
  /** `access` for the one key that a user has for everything; else `key`. */
  readonly kind: string;
  readonly isActive: boolean;
  /** As the contract's `KeyLimits`. */
  readonly limits: JsonObject;
  /** `on` or `off`: whether the bodies of its calls are kept; absent: as for all. */
  readonly capture?: string;
  /** Id of the user who switched it off last. */
  readonly switchedOffBy?: string;
  readonly expiresAtMs?: number;
  readonly lastUsedAtMs?: number;
}

/** A name that stands for a model. */
export interface MappingRecord extends Versioned {
  /** Unique among those of its owner. */
  readonly alias: string;
  readonly providerId: string;
  readonly modelName: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** Of several, the highest wins. */
  readonly priority: number;
  /** The user whose it is; absent for everybody’s. */
  readonly ownerId?: string;
}

/** How calls choose among the accounts of a provider. Its id is the provider’s name. */
export interface AccountPolicyRecord extends Versioned {
  /** One of the library’s `ROTATIONS`; rows that are written by hand may hold anything else, which then says nothing. */
  readonly policy: string;
  readonly updatedBy?: string;
}

/** A pattern to create providers from. Its id is a UUID or a slug. */
export interface TemplateRecord extends Versioned {
  readonly name: string;
  readonly description?: string;
  readonly category?: string;
  readonly providerConfig: JsonObject;
  readonly defaultModels: readonly JsonObject[];
  readonly isSystem: boolean;
  readonly createdBy?: string;
}

/** A setting changed at run time. Its id is its name. */
export interface SettingRecord extends Versioned {
  readonly value: JsonObject;
  readonly updatedBy?: string;
}

/** Something that happened to the system. Never changed; so are the next three, except what is said there. */
export interface EventRecord {
  readonly id: string;
  readonly atMs: number;
  /** `info`, `warning`, `error` or `critical`. */
  readonly type: string;
  /** `system`, `service`, `security` or `performance`. */
  readonly category: string;
  readonly message: string;
  readonly details?: JsonObject;
}

/** A management change: who did what to which row. Secrets must have been removed from `before` and `after`. */
export interface AuditRecord {
  readonly id: string;
  readonly atMs: number;
  readonly actorId?: string;
  readonly actorName: string;
  /** E.g. `provider.update`. */
  readonly action: string;
  readonly resource: string;
  readonly resourceId?: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly requestId?: string;
  /** Address of the socket's other end. */
  readonly peer?: string;
}

/** One look at a provider's health. */
export interface HealthRecord {
  readonly id: string;
  readonly providerId: string;
  /** `healthy`, `degraded` or `down`. */
  readonly status: string;
  readonly checkedAtMs: number;
  readonly responseTimeMs?: number;
  readonly error?: string;
  /** Share of good looks so far, 0 to 100. */
  readonly uptime?: number;
}

/** A provider that went bad or came back. Acknowledged and resolved later. */
export interface AlertRecord extends Pick<Versioned, 'id' | 'version'> {
  readonly providerId: string;
  /** `degraded`, `down` or `recovered`. */
  readonly type: string;
  /** `low`, `medium`, `high` or `critical`. */
  readonly severity: string;
  readonly message: string;
  readonly atMs: number;
  readonly acknowledged: boolean;
  readonly acknowledgedAtMs?: number;
  readonly resolvedAtMs?: number;
}

/** One refresh token of a family: all that came from one login. The token itself is not stored. */
export interface RefreshTokenRecord {
  readonly id: string;
  readonly familyId: string;
  readonly userId: string;
  /** Hash of the token, in hexadecimal; unique. */
  readonly hash: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** When it was exchanged for the next of its family. Presented again after that, it was stolen. */
  readonly usedAtMs?: number;
  readonly revokedAtMs?: number;
}
