import { schemeFor, type Credential } from '@patchbay/llm/credentials/credential';
import { CredentialPool, type PoolObserver } from '@patchbay/llm/credentials/pool';
import { Seat, type SeatFacts } from '@patchbay/llm/credentials/seat';
import {
  authKindOf,
  bearerOf,
  credentialOfAuthData,
  type AuthData,
} from '@patchbay/llm/credentials/signers/credential-of-auth-data';
import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import { failed, invalidRequest, ok, type Result } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import type { ProviderRuntime } from '../pipeline/ports.ts';
import type { WaysOut } from '../relay/ways-out.ts';
import type { RowSecrets } from '../storage/ports.ts';
import type { AccountRecord } from '../storage/records.ts';
import { readSeatLimits } from './seat-limits.ts';
import type { RowProblem } from './snapshot.ts';

/** Presents a key the way a row of a provider asks for. */
export type PresentKey = (accountId: string, key: Secret) => Result<Credential>;

/** A provider that accounts belong to. */
export interface AccountHost {
  readonly runtime: ProviderRuntime;
  /** Absent where the provider's record says how keys are presented. */
  readonly present?: PresentKey;
  /** True where the provider's address can be changed by others than the operator: secrets then stay with the one they were written for. */
  readonly isBound: boolean;
}

/** Accounts whose tokens are renewed, which changes their rows. */
export interface RenewedTokens {
  credentialOf(row: AccountRecord): Credential;
  changed(row: AccountRecord): void;
  forget(accountId: string): void;
}

/** What accounts are read and put into pools with. */
export interface AccountSeatsParts {
  readonly secrets: Pick<RowSecrets, 'openAuthData'>;
  readonly clock: Clock;
  readonly observer?: PoolObserver;
  /** Absent where nobody goes out through a proxy. */
  readonly ways?: WaysOut;
  /** Absent where tokens are presented as long as they last. */
  readonly tokens?: RenewedTokens;
}

/** One account with what it was made of. */
interface HeldAccount {
  readonly row: AccountRecord;
  readonly made: string;
  /** What its seat depends on: what was written by people. */
  readonly written: string;
  readonly data: Result<AuthData>;
}

/** A provider's runtime with its accounts in the pool, and what it was made of. */
interface Joined {
  readonly host: ProviderRuntime;
  readonly seats: readonly Seat[];
  readonly runtime: ProviderRuntime;
}

/** True where tokens were renewed since; a person who writes others does not count that. */
const isRenewal = (before: AccountRecord, row: AccountRecord): boolean =>
  before.providerId === row.providerId && before.tokenGeneration !== row.tokenGeneration;

/** The accounts of rows as seats in their providers' pools. What a seat has learned stays while its secret does. */
export class AccountSeats {
  readonly #parts: AccountSeatsParts;
  readonly #held = new Map<string, HeldAccount>();
  readonly #seats = new Map<string, { readonly made: string; readonly seat: Seat }>();
  readonly #joined = new Map<string, Joined>();
  #sorted: ReadonlyMap<string, readonly HeldAccount[]> | undefined;

  constructor(parts: AccountSeatsParts) {
    this.#parts = parts;
  }

  /** Takes changes in. */
  async update(changed: readonly AccountRecord[], gone: readonly { readonly id: string }[]): Promise<void> {
    this.#sorted = undefined;
    for (const { id } of gone) {
      this.#held.delete(id);
      this.#seats.delete(id);
      this.#parts.tokens?.forget(id);
    }
    for (const row of changed) this.#parts.tokens?.changed(row);
    for (const row of changed) this.#held.set(row.id, await this.#hold(row));
    this.#sorted = undefined;
  }

  async #hold(row: AccountRecord): Promise<HeldAccount> {
    // Sealed texts are compared: no secret is opened for that.
    const made = JSON.stringify([row.providerId, row.authData]);
    const before = this.#held.get(row.id);
    if (before?.made === made) return { ...before, row };
    // Renewed by us, it is the same account as before, and rests as long.
    if (before !== undefined && isRenewal(before.row, row)) return { ...before, row, made };
    const opened = await this.#parts.secrets.openAuthData(row.id, row.authData);
    return { row, made, written: made, data: opened.ok ? ok(membersOf(opened.value)) : opened };
  }

  /** Providers that have an account, active or not. */
  providers(): ReadonlySet<string> {
    return new Set([...this.#held.values()].map(({ row }) => row.providerId));
  }

  /** The account with this id, as it stands. */
  rowOf(id: string): AccountRecord | undefined {
    return this.#held.get(id)?.row;
  }

  /** Values of a provider's first account that says any, for its address: `region` for `{region}`. */
  valuesOf(providerId: string): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    for (const { row, data } of this.#of(providerId)) {
      const members = { ...row.metadata, ...(data.ok ? data.value : {}) };
      for (const [name, value] of Object.entries(members))
        if (typeof value === 'string' && !values.has(name)) values.set(name, value);
    }
    return values;
  }

  /** The provider with its accounts, and which of them cannot be used. The very same runtime where nothing is another. */
  join(host: AccountHost): { readonly runtime: ProviderRuntime; readonly problems: readonly RowProblem[] } {
    const { runtime } = host;
    const problems: RowProblem[] = [];
    const own = this.#of(runtime.record.id);
    if (own.length === 0) return { runtime, problems };
    const accounts = own.flatMap((held) => {
      if (!held.row.isActive) return [];
      const seat = this.#seatOf(held, host);
      if (seat.ok) return [seat.value];
      const { path = 'auth_data', message } = seat.failure;
      const subject = runtime.record.id;
      problems.push({ table: 'accounts', subject, message: `${held.row.id}: ${path}: ${message}`, servesOn: false });
      return [];
    });
    const settled = runtime.pool.seats.filter(({ credential }) => credential.kind !== 'anonymous');
    return { runtime: this.#joinedOf(runtime, [...settled, ...accounts]), problems };
  }

  /** One provider's accounts, in the order of their ids. Sorted out once for all providers, until the next change. */
  #of(providerId: string): readonly HeldAccount[] {
    this.#sorted ??= Map.groupBy(
      [...this.#held.values()].sort((a, b) => (a.row.id < b.row.id ? -1 : 1)),
      ({ row }) => row.providerId,
    );
    return this.#sorted.get(providerId) ?? [];
  }

  #joinedOf(host: ProviderRuntime, seats: readonly Seat[]): ProviderRuntime {
    const before = this.#joined.get(host.record.id);
    const isSame = before?.host === host && sameSeats(before.seats, seats);
    if (isSame) return before.runtime;
    const { clock, observer, ways } = this.#parts;
    const hasWay = ({ proxyId }: SeatFacts): boolean => proxyId === undefined || ways?.isOpen(proxyId) !== false;
    const pool = new CredentialPool({ seats, clock, hasWay, ...(observer && { observer }) });
    const runtime = { ...host, record: takingHeaders(host.record), pool, ...(ways && { ways }) };
    this.#joined.set(host.record.id, { host, seats, runtime });
    return runtime;
  }

  #seatOf({ row, written: data, data: members }: HeldAccount, host: AccountHost): Result<Seat> {
    const made = JSON.stringify([data, host.runtime.record.auth, host.runtime.baseUrl]);
    const known = this.#seats.get(row.id);
    if (known?.made === made) {
      known.seat.facts = factsOf(row);
      return ok(known.seat);
    }
    if (!members.ok) return members;
    if (host.isBound && leadsElsewhere(row, host.runtime)) return failed(elsewhere(host.runtime));
    const { tokens } = this.#parts;
    const credential =
      tokens !== undefined && isRenewable(members.value)
        ? ok(tokens.credentialOf(row))
        : presented(row.id, members.value, host);
    if (!credential.ok) return credential;
    const seat = new Seat(credential.value, factsOf(row));
    this.#seats.set(row.id, { made, seat });
    return ok(seat);
  }
}

const isRenewable = (data: AuthData): boolean =>
  authKindOf(data) === 'oauth' && (data['refresh_token'] ?? data['refreshToken']) !== undefined;

function presented(id: string, data: AuthData, { runtime, present }: AccountHost): Result<Credential> {
  const made = credentialOfAuthData(id, data);
  if (!made.ok) return made;
  const { value: credential } = made;
  if (credential.kind === 'api-key' && present !== undefined) return present(id, credential.key);
  const { record } = runtime;
  if (schemeFor(takingHeaders(record).auth, credential) !== undefined) return made;
  if (credential.kind === 'api-key') return ok(bearerOf(id, credential.key));
  return failed(invalidRequest('auth_data', `${record.name} takes no accounts of this kind.`));
}

/** A token that somebody brings comes in a header of its own, whatever keys come in. */
function takingHeaders(record: ProviderRecord): ProviderRecord {
  return record.auth.some(({ kind }) => kind === 'headers')
    ? record
    : { ...record, auth: [...record.auth, { kind: 'headers' }] };
}

/** Origins that a provider's requests go to. */
export function originsOf({ record, baseUrl }: Pick<ProviderRuntime, 'record' | 'baseUrl'>): readonly string[] {
  return [baseUrl, ...(record.fallbackUrls ?? [])].flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : []));
}

const leadsElsewhere = ({ origins }: AccountRecord, runtime: ProviderRuntime): boolean =>
  origins !== undefined && originsOf(runtime).some((each) => !origins.includes(each));

const elsewhere = (runtime: ProviderRuntime) =>
  invalidRequest(
    'origins',
    `Its secret was written for another address than ${originsOf(runtime).join(', ')}. Write auth_data again to send it there.`,
  );

function factsOf({ label, metadata, proxyId }: AccountRecord): SeatFacts {
  const { weight, price_factor: priceFactor } = metadata;
  const limits = readSeatLimits(metadata['limits']);
  return {
    ...(limits && { limits }),
    label,
    ...(proxyId !== undefined && { proxyId }),
    ...(typeof weight === 'number' && { weight }),
    ...(typeof priceFactor === 'number' && { priceFactor }),
  };
}

const sameSeats = (some: readonly Seat[], others: readonly Seat[]): boolean =>
  some.length === others.length && some.every((seat, index) => seat === others[index]);

const membersOf = (value: unknown): AuthData =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
