import type { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Failure } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import type { Target } from '@patchbay/llm/routing/target';

import type { Upstream } from '../relay/upstream.ts';
import type { WaysOut } from '../relay/ways-out.ts';

/** A provider as this installation runs it. */
export interface ProviderRuntime {
  readonly record: ProviderRecord;
  /** The record's base URL or the operator's own, without a trailing slash. */
  readonly baseUrl: string;
  readonly pool: CredentialPool;
  readonly upstream: Upstream;
  /** The ways out of accounts with proxies; absent where all go out directly. */
  readonly ways?: WaysOut;
}

/** A model that an administrator listed. */
export interface NamedModel {
  readonly identifier: string;
  readonly name: string;
  /** Prompt and answer together, in tokens. */
  readonly contextLength: number;
  /** Anything but `active` is not served. */
  readonly status: string;
  /** What an administrator wrote of its price, as the catalogue face has it; absent where nobody did. */
  readonly pricingInfo?: JsonObject;
}

/** What can be called at one moment. Never changed: a change makes another. */
export interface Callables {
  /** Grows with each change. */
  readonly version: number;
  /** Providers by the name they are addressed with. */
  readonly runtimes: ReadonlyMap<string, ProviderRuntime>;
  /** Models that an administrator listed, by provider and then by name; other providers' own lists count. */
  readonly models: ReadonlyMap<string, ReadonlyMap<string, NamedModel>>;
  /** Providers for which an administrator listed this model as active. */
  providersOf(model: string): readonly string[];
}

/** Tells what can be called now. */
export type CallablesNow = () => Callables;

/** Where a model is, as of the moment of asking: a call goes by this to its end. */
export interface Found {
  /** Best first. */
  readonly targets: readonly Target[];
  /** True where a mapping of the caller's own led there. */
  readonly isOwn: boolean;
  /** Version of what could be called then. */
  readonly version: number;
  readonly provider: (id: string) => ProviderRuntime | undefined;
}

/** Names that stand for models, of users and of everybody. */
export interface MappingTable {
  /** The model of a provider that a name stands for: as its owner has it, else as everybody has it. */
  find(alias: string, userId: string | undefined): MappedModel | undefined;
}

/** What a name stands for. */
export interface MappedModel extends Target {
  /** True where the caller made the mapping for itself. */
  readonly isOwn: boolean;
}

/** Where models are. */
export interface ModelDirectory {
  /** Targets for a model as a client addressed it, whose user may have names of its own, or a `not-found` failure that names near matches. */
  resolve(model: string, userId?: string): Found | { readonly failure: Failure };
  provider(id: string): ProviderRuntime | undefined;
}
