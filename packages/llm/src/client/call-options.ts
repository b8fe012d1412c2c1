import type { Credential } from '../credentials/credential.ts';
import { CredentialPool } from '../credentials/pool.ts';
import { Secret } from '../credentials/secret.ts';
import type { WireFormatId } from '../model/extras.ts';
import { failed, invalidRequest, ok, type Failure, type Result } from '../model/failure.ts';
import { retryPolicyOf, type RetryOption, type RetryPolicy } from '../resilience/retry-policy.ts';
import type { Target } from '../routing/target.ts';
import type { ClientContext } from './context.ts';
import { resolveModel } from './resolve-model.ts';
import type { Timeouts } from './watchdog.ts';

/** An account for one call: the text of a key, an access token that somebody else renews, or any account by its parts. */
export type CallCredential = string | Secret | { readonly accessToken: string | Secret } | Credential;

/** Options of one call; each stands before what the client was made with. */
export interface CallOptions {
  /** Aborting it cancels the call; the failure is then `cancelled`. */
  readonly signal?: AbortSignal;
  /**
   * The account of this call at the provider of its first model. It stands in the place of all stored accounts of that
   * provider and is forgotten with the call; other providers never see it.
   */
  readonly credential?: CallCredential;
  /** The same for any provider, by its id. */
  readonly credentials?: Readonly<Record<string, CallCredential>>;
  /** Sent with every request besides the provider's own. They cannot change how an account is presented. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Budgets of this call; those that are not named stay the client's. */
  readonly timeouts?: Partial<Timeouts>;
  /** Budget of the whole call with all its attempts, in milliseconds from now. The shorter of it and `timeouts.totalMs` counts. */
  readonly deadlineMs?: number;
  /** Attempts over all models, accounts and retries. Default: the client's, and at least one for each model. */
  readonly attemptsMax?: number;
  /**
   * When nobody answered: whether, when and how often all are asked again. `attemptsMax` then bounds each round. Default:
   * the client's, and without one a single further try after a short pause where a moment's failure calls for it.
   */
  readonly retry?: RetryOption;
  /** Models to ask, in this order, when the first one fails before any output. Addresses as in `model`. */
  readonly fallbacks?: readonly string[];
  /**
   * Wire format to ask in where a provider serves a model in more than one. Default: the provider's first. It is how a
   * caller of that format has all that it said carried.
   */
  readonly format?: WireFormatId;
  /** Said to whoever observes the client; sent to nobody. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** One call as it is made: the options over the client's own. */
export interface CallSettings {
  readonly targets: readonly [Target, ...Target[]];
  readonly poolOf: (providerId: string) => CredentialPool | undefined;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeouts: Timeouts;
  readonly attemptsMax: number;
  readonly retry: RetryPolicy | undefined;
  readonly format?: WireFormatId;
}

/** Reads options together with the addresses to ask. A mistake names the option. */
export function settingsOf(
  client: ClientContext,
  models: readonly string[],
  options: CallOptions,
): Result<CallSettings> {
  const mistake = mistakeIn(options);
  if (mistake !== undefined) return failed(mistake);
  const retry = options.retry === undefined ? ok(client.retry) : retryPolicyOf(options.retry);
  if (!retry.ok) return retry;
  const targets: Target[] = [];
  for (const address of [...models, ...(options.fallbacks ?? [])]) {
    const target = resolveModel(address, client.providers);
    if (!target.ok) return target;
    targets.push(target.value);
  }
  const [first, ...rest] = targets;
  if (first === undefined) return failed(invalidRequest('model', 'Name a model: `provider/model`.'));
  const own = new Map(
    Object.entries({
      ...options.credentials,
      ...(options.credential !== undefined && { [first.providerId]: options.credential }),
    }).map(([id, each]) => [id, new CredentialPool({ credentials: [credentialOf(each)], clock: client.clock })]),
  );
  return ok({
    targets: [first, ...rest],
    poolOf: (id) => own.get(id) ?? client.pools.get(id),
    headers: Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    timeouts: timeoutsOf(client, options),
    attemptsMax: options.attemptsMax ?? Math.max(client.attemptsMax, targets.length),
    retry: retry.value,
    ...(options.format !== undefined && { format: options.format }),
  });
}

function timeoutsOf(client: ClientContext, { timeouts, deadlineMs }: CallOptions): Timeouts {
  const all = { ...client.timeouts, ...timeouts };
  if (deadlineMs === undefined) return all;
  return { ...all, totalMs: all.totalMs > 0 ? Math.min(all.totalMs, deadlineMs) : deadlineMs };
}

const PER_CALL = 'per-call';

function credentialOf(given: CallCredential): Credential {
  if (typeof given === 'string' || given instanceof Secret)
    return { kind: 'api-key', id: PER_CALL, key: secretOf(given) };
  if ('kind' in given) return given;
  const token = secretOf(given.accessToken);
  const tokens = { token: () => Promise.resolve(ok(token)), refused: () => undefined };
  return { kind: 'oauth', id: PER_CALL, tokens, secrets: [token] };
}

const secretOf = (text: string | Secret): Secret => (text instanceof Secret ? text : new Secret(text.trim()));

function mistakeIn(options: CallOptions): Failure | undefined {
  const { attemptsMax, deadlineMs, headers = {}, timeouts = {} } = options;
  if (attemptsMax !== undefined && !(Number.isInteger(attemptsMax) && attemptsMax >= 1))
    return invalidRequest('attemptsMax', '`attemptsMax` must be a whole number from 1.');
  if (deadlineMs !== undefined && !(deadlineMs > 0))
    return invalidRequest('deadlineMs', '`deadlineMs` must be more than 0 milliseconds.');
  for (const [name, value] of Object.entries(timeouts))
    if (!(typeof value === 'number' && value >= 0))
      return invalidRequest(`timeouts.${name}`, `\`timeouts.${name}\` must be milliseconds from 0, which disables it.`);
  for (const [name, value] of Object.entries(headers)) {
    // Its value may be a secret: the message does not show it.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      return invalidRequest(`headers.${name}`, `The header ${JSON.stringify(name)} cannot be sent: see RFC 9110.`);
  }
  return undefined;
}
