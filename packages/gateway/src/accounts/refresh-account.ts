import { lastUseMs } from '@patchbay/llm/credentials/oauth/held-tokens';
import { refreshTokens } from '@patchbay/llm/credentials/oauth/refresh';
import type { OAuthClient } from '@patchbay/llm/credentials/oauth/definition';
import type { OAuthWay } from '@patchbay/llm/credentials/oauth/token-endpoint';
import type { Tokens } from '@patchbay/llm/credentials/oauth/tokens';
import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';

import type { TokenLeases } from '../storage/ports.ts';
import type { RefreshJournal } from './refresh-journal.ts';
import { readTokenRow, withTokens, type TokenRow, type TokenRowParts } from './refresh-row.ts';

/** What renews the tokens of accounts, for all processes and replicas on one store. */
export interface RenewalParts extends TokenRowParts {
  readonly leases: TokenLeases;
  readonly journal: RefreshJournal;
  /** As whom an account is renewed, and where. */
  readonly clientOf: (row: TokenRow) => Promise<Result<OAuthClient>> | Result<OAuthClient>;
  /** The way to its authorization server: the account's own proxy where it has one. */
  readonly wayOf: (row: TokenRow) => OAuthWay;
  readonly clock: Clock;
  readonly random: () => number;
  /** Names this process in leases; no other has the same. */
  readonly owner: string;
  /** Told of every account that nobody but a person can help. */
  readonly onParked: (accountId: string, why: string) => void;
}

/** A killed process holds others up no longer than this; a living one extends its lease. */
const LEASE_MS = 12_000;
const EXTEND_MS = 3000;
/** How long who does not hold the lease waits for who does, and how often it looks. */
const WAIT_MS = 40_000;
const LOOK_MS = 100;
/** How long new tokens are tried to be written, and how often. */
const SAVE_MS = 20_000;
const SAVE_AGAIN_MS = 250;

/**
 * Gets an account other tokens than `spent`, from its row where another process was faster, else from the provider, and
 * keeps them before it resolves. One process of all asks at a time. A refusal parks the account: an `authentication`
 * failure, final until its row is changed. Trouble of the provider is none of that.
 */
export async function renewAccount(
  parts: RenewalParts,
  id: string,
  spent: Tokens | undefined,
): Promise<Result<Tokens>> {
  const { leases, owner, clock } = parts;
  const untilMs = clock.monotonicMs() + WAIT_MS;
  for (;;) {
    const found = await readTokenRow(parts, id);
    if (!found.ok) return found;
    const settled = await settledBy(parts, found.value, spent);
    if (settled !== undefined) return settled;
    const { generation } = found.value;
    if (await leases.take({ id, owner, generation, forMs: LEASE_MS })) {
      const renewed = await whileLeased(parts, id, spent);
      if (renewed !== 'again') return renewed;
    }
    if (clock.monotonicMs() > untilMs) return failed(told({ kind: 'timeout', message: 'another process takes long' }));
    await clock.sleep(LOOK_MS * (0.5 + parts.random()));
  }
}

/** What needs no question to the provider: other tokens are there, or asking is of no use. */
async function settledBy(
  { clock, journal }: RenewalParts,
  { tokens, refreshToken, isParked, row, generation }: TokenRow,
  spent: Tokens | undefined,
): Promise<Result<Tokens> | undefined> {
  const isOther = tokens !== undefined && spent?.accessToken.sameAs(tokens.accessToken) !== true;
  if (isOther && clock.nowMs() < lastUseMs(tokens)) return ok(tokens);
  // What a process of this machine was told and could not write any more.
  if ((await journal.find(row.id, generation)) !== undefined) return undefined;
  if (isParked) return failed({ kind: 'authentication', message: row.lastErrorMsg ?? PARKED });
  if (refreshToken !== undefined) return undefined;
  return failed(told({ kind: 'authentication', message: 'the account has no refresh token' }));
}

const PARKED = 'Failed to refresh OAuth token: sign the account in again';

type Renewed = Result<Tokens> | 'again';

async function whileLeased(parts: RenewalParts, id: string, spent: Tokens | undefined): Promise<Renewed> {
  const { leases, owner, clock } = parts;
  const extending = clock.every(EXTEND_MS, () => {
    // Who cannot extend it now may still answer in time; the version of the row decides.
    void leases.extend({ id, owner, forMs: LEASE_MS }).catch(() => undefined);
  });
  try {
    // Somebody may have changed the row between our look and our lease.
    const found = await readTokenRow(parts, id);
    if (!found.ok) return found;
    const settled = await settledBy(parts, found.value, spent);
    return settled ?? (await askAndSave(parts, found.value));
  } finally {
    extending();
    await leases.release({ id, owner }).catch(() => undefined);
  }
}

async function askAndSave(parts: RenewalParts, found: TokenRow): Promise<Renewed> {
  const { journal } = parts;
  const { row, generation, refreshToken } = found;
  const unsaved = await journal.find(row.id, generation);
  if (unsaved !== undefined) return save(parts, found, unsaved);
  const client = await parts.clientOf(found);
  if (!client.ok) return refuse(parts, found, client.failure);
  const keep = await journal.prepare(row.id, generation);
  const answered = await refreshTokens(parts.wayOf(found), client.value, refreshToken as Secret, NEVER);
  if (!answered.ok) return refuse(parts, found, answered.failure);
  keep(answered.value);
  return save(parts, found, answered.value);
}

/** The provider ends an exchange, not we: an answer that nobody waits for any more would be lost with its tokens. */
const NEVER = new AbortController().signal;

/** Writes new tokens into the row as it is by now. Where a person signed in meanwhile, theirs stay. */
async function save(parts: RenewalParts, found: TokenRow, tokens: Tokens): Promise<Renewed> {
  const { accounts, clock, journal } = parts;
  const { id } = found.row;
  const untilMs = clock.monotonicMs() + SAVE_MS;
  for (let current = found; ;) {
    const written = await update(accounts, current, tokens).catch(
      (error: unknown) => ({ kind: 'away', error }) as const,
    );
    if (written.kind === 'changed') {
      journal.forget(id);
      return ok(tokens);
    }
    if (written.kind === 'missing') return failed(told({ kind: 'not-found', message: 'the account is gone' }));
    if (written.kind === 'away' && clock.monotonicMs() > untilMs) throw written.error;
    if (written.kind === 'away') await clock.sleep(SAVE_AGAIN_MS);
    const again = await readTokenRow(parts, id).catch(() => ok(current));
    if (!again.ok) return again;
    current = again.value;
    if (!isSameGrant(found, current)) return 'again';
  }
}

const update = (accounts: RenewalParts['accounts'], { row, generation }: TokenRow, tokens: Tokens) =>
  accounts.update(
    row.id,
    {
      authData: withTokens(row.authData, tokens),
      expiresAtMs: tokens.expiresAtMs,
      tokenGeneration: generation + 1,
      tokenParkedVersion: undefined,
    },
    row.version,
  );

/** True while the row still has the refresh token that was exchanged. */
const isSameGrant = (one: TokenRow, other: TokenRow): boolean =>
  one.generation === other.generation &&
  other.refreshToken !== undefined &&
  one.refreshToken?.sameAs(other.refreshToken) === true;

/** A refusal counts only against the tokens that were refused: those of a faster process, or of a person, are tried. */
async function refuse(parts: RenewalParts, found: TokenRow, failure: Failure): Promise<Renewed> {
  const said = told(failure);
  if (failure.kind !== 'authentication' && failure.kind !== 'invalid-request') return failed(said);
  const { row } = found;
  const final: Failure = { ...said, kind: 'authentication' };
  const asked = { id: row.id, version: row.version, why: said.message, atMs: parts.clock.nowMs() };
  for (;;) {
    if (await parts.leases.park(asked)) {
      parts.onParked(row.id, said.message);
      return failed(final);
    }
    const again = await readTokenRow(parts, row.id);
    if (!again.ok) return again;
    if (again.value.row.version === asked.version) return failed(final);
    // Another client id or secret may be what was changed.
    return 'again';
  }
}

/** A failure in the words that people look for. */
const told = (failure: Failure): Failure => ({
  ...failure,
  code: failure.code ?? 'oauth-refresh',
  message: `Failed to refresh OAuth token: ${failure.message}`,
});
