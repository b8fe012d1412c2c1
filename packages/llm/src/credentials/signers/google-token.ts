import { importPKCS8, SignJWT } from 'jose';
import type { Clock } from '../../model/clock.ts';
import { failed, ok, type Failure, type FailureKind, type Result } from '../../model/failure.ts';
import type { Exchange, UpstreamResponse } from '../../transport/exchange.ts';
import type { ServiceAccountCredential } from '../credential.ts';
import { orCancelled } from '../or-cancelled.ts';
import { Secret } from '../secret.ts';

/** How long before its end a token is no longer used: a long answer must not outlive it. */
const EARLY_MS = 300_000;
/** How long an assertion holds and a token is expected to live, in seconds: Google's most. */
const LIFETIME_S = 3600;
/** How long Google may take to sell a token. */
const TIMEOUT_MS = 10_000;
/** More than this is no answer of a token endpoint. */
const ANSWER_BYTES_MAX = 64 * 1024;

interface Token {
  readonly token: Secret;
  /** Milliseconds since 1970. */
  readonly usedUntilMs: number;
}

/** Where tokens come from and how time is told. */
export interface GoogleTokensParts {
  readonly exchange: Exchange;
  /** The way of an account that may have one of its own. Default: `exchange` for all. */
  readonly exchangeOf?: (accountId: string) => Exchange;
  readonly clock: Clock;
}

/**
 * Access tokens of Google's service accounts, bought with signed assertions. A token is kept until five minutes before
 * its end, and however many ask for one at a time, it is bought once.
 */
export class GoogleTokens {
  readonly #exchangeOf: (accountId: string) => Exchange;
  readonly #clock: Clock;
  readonly #kept = new WeakMap<ServiceAccountCredential, Map<string, Token>>();
  readonly #asked = new WeakMap<ServiceAccountCredential, Map<string, Promise<Result<Token>>>>();

  constructor({ exchange, exchangeOf = () => exchange, clock }: GoogleTokensParts) {
    this.#exchangeOf = exchangeOf;
    this.#clock = clock;
  }

  /**
   * A token for `scope`. `signal` ends the waiting of this caller with a `cancelled` failure, not that of others. An
   * account that Google refuses is an `authentication` failure.
   */
  async token(account: ServiceAccountCredential, scope: string, signal: AbortSignal): Promise<Result<Secret>> {
    const kept = this.#kept.get(account)?.get(scope);
    if (kept !== undefined && this.#clock.nowMs() < kept.usedUntilMs) return ok(kept.token);
    const bought = await orCancelled(this.#buyOnce(account, scope), signal);
    return bought.ok ? ok(bought.value.token) : bought;
  }

  /** Lets go of a token that Google no longer takes; one that was bought since then stays. */
  forget(account: ServiceAccountCredential, scope: string, token: Secret): void {
    const kept = this.#kept.get(account);
    if (kept?.get(scope)?.token === token) kept.delete(scope);
  }

  #buyOnce(account: ServiceAccountCredential, scope: string): Promise<Result<Token>> {
    const asked = scopesOf(this.#asked, account);
    const running = asked.get(scope);
    if (running !== undefined) return running;
    const buying = this.#buy(account, scope).finally(() => asked.delete(scope));
    asked.set(scope, buying);
    return buying;
  }

  async #buy(account: ServiceAccountCredential, scope: string): Promise<Result<Token>> {
    const startedAtMs = this.#clock.nowMs();
    const assertion = await assertionOf(account, scope, Math.floor(startedAtMs / 1000));
    if (!assertion.ok) return assertion;
    const over = new AbortController();
    const late = new AbortController();
    void this.#clock.sleep(TIMEOUT_MS, over.signal).then(() => late.abort());
    try {
      const said = await this.#ask(account, assertion.value, late.signal);
      if (!said.ok) return said;
      const token = tokenOf(said.value, startedAtMs);
      if (token === undefined) return failed(refused(account, said.value));
      scopesOf(this.#kept, account).set(scope, token);
      return ok(token);
    } finally {
      over.abort();
    }
  }

  async #ask(
    { id, tokenUri }: ServiceAccountCredential,
    assertion: string,
    signal: AbortSignal,
  ): Promise<Result<Said>> {
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const sent = await this.#exchangeOf(id).send(
      { method: 'POST', url: tokenUri, headers, body: body.toString() },
      signal,
    );
    if (!sent.ok) return signal.aborted ? failed(LATE) : sent;
    try {
      return ok({ status: sent.value.status, members: await membersOf(sent.value) });
    } catch (error) {
      return failed(signal.aborted ? LATE : { ...UNREACHED, detail: String(error) });
    }
  }
}

const LATE: Failure = { kind: 'timeout', phase: 'total', message: 'Google took too long to answer for a token.' };
const UNREACHED: Failure = { kind: 'network', message: 'Google’s answer for a token broke off.' };

/** What the token endpoint answered; no members where it was no JSON object. */
interface Said {
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
}

function scopesOf<Value>(
  all: WeakMap<ServiceAccountCredential, Map<string, Value>>,
  account: ServiceAccountCredential,
): Map<string, Value> {
  const scopes = all.get(account) ?? new Map<string, Value>();
  all.set(account, scopes);
  return scopes;
}

/** A signed claim to be this account, worth one token. A key that cannot sign is the account's mistake. */
async function assertionOf(account: ServiceAccountCredential, scope: string, nowS: number): Promise<Result<string>> {
  const { clientEmail, privateKey, privateKeyId, tokenUri } = account;
  try {
    const key = await importPKCS8(privateKey.reveal(), 'RS256');
    const header = { alg: 'RS256', typ: 'JWT', ...(privateKeyId !== undefined && { kid: privateKeyId }) };
    const claims = new SignJWT({ scope }).setProtectedHeader(header).setIssuer(clientEmail).setAudience(tokenUri);
    return ok(
      await claims
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + LIFETIME_S)
        .sign(key),
    );
  } catch {
    // What a parser of keys has to say may quote the key.
    const message = `The private key of ${account.id} cannot sign. Use the key file as Google made it.`;
    return failed({ kind: 'authentication', message });
  }
}

async function membersOf(response: UpstreamResponse): Promise<Said['members']> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ANSWER_BYTES_MAX) return {};
  }
  try {
    const value: unknown = JSON.parse(text + decoder.decode());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function tokenOf({ status, members }: Said, startedAtMs: number): Token | undefined {
  const { access_token: text, expires_in: expiresInS = LIFETIME_S } = members;
  if (status !== 200 || typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) return undefined;
  const livesMs = typeof expiresInS === 'number' && expiresInS > 0 ? expiresInS * 1000 : 0;
  return { token: new Secret(text), usedUntilMs: startedAtMs + livesMs - EARLY_MS };
}

function refused({ id }: ServiceAccountCredential, { status, members }: Said): Failure {
  const { error, error_description: why } = members;
  const code = typeof error === 'string' ? error : undefined;
  return {
    kind: kindOf(status),
    message: `Google sells ${id} no token: ${code ?? `status ${status}`}.`,
    status,
    ...(code !== undefined && { code }),
    ...(typeof why === 'string' && { detail: why.slice(0, 500) }),
  };
}

function kindOf(status: number): FailureKind {
  if (status === 429) return 'rate-limit';
  if (status >= 500) return 'upstream';
  return status >= 400 ? 'authentication' : 'protocol';
}
