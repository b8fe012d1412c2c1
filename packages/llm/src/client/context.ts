import type { Catalog } from '../catalog/catalog.ts';
import type { costOf } from '../catalog/cost.ts';
import type { Credential } from '../credentials/credential.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import type { Signature } from '../credentials/signers/request-signer.ts';
import type { Clock } from '../model/clock.ts';
import type { Result } from '../model/failure.ts';
import type { CallObserver } from '../model/observer.ts';
import type { Middleware } from '../plugins/middleware.ts';
import type { ProviderRecord, Speaks } from '../providers/define-provider.ts';
import type { OfferedModel } from '../providers/read-model-list.ts';
import type { Limiter } from '../resilience/limiter/limiter.ts';
import type { RetryPolicy } from '../resilience/retry-policy.ts';
import type { SignedStateVault } from '../tools/signed-state/vault.ts';
import type { FrameDecoder, Framing } from '../transport/frame-decoder.ts';
import type { Exchange, UpstreamRequest } from '../transport/exchange.ts';
import type { UpstreamCodec } from '../wire/codec.ts';
import type { fitRequest } from './fit/fit-request.ts';
import type { ModelCache } from './model-cache.ts';
import type { Timeouts } from './watchdog.ts';

/** Presents an account with one request, in the way that its provider wants. */
export type Sign = (
  provider: ProviderRecord,
  credential: Credential,
  request: UpstreamRequest,
  signal: AbortSignal,
) => Promise<Result<Signature>>;

/**
 * What every call of one client shares. What a client knows of formats, signatures and prices comes in here, so that a
 * program carries only what it uses.
 */
export interface ClientContext {
  readonly providers: ReadonlyMap<string, ProviderRecord>;
  /** Accounts by provider id; a provider without an entry cannot be called without a credential of the call's own. */
  readonly pools: ReadonlyMap<string, CredentialPool>;
  readonly exchangeOf: (provider: ProviderRecord) => Exchange;
  readonly sign: Sign;
  /** `undefined` for a format that this client does not carry; a promise where it is loaded when it is first needed. */
  readonly codecOf: (speaks: Speaks) => UpstreamCodec<object> | Promise<UpstreamCodec<object>> | undefined;
  /** Bounds the frames of a streamed answer; a promise where it is loaded when it is first needed. */
  readonly newDecoder: (framing: Framing) => FrameDecoder | Promise<FrameDecoder>;
  /** Fits requests to their targets; a promise where it is loaded with the first call. */
  readonly fit: () => typeof fitRequest | Promise<typeof fitRequest>;
  /** Says what tokens cost; a promise where it is loaded with the first call whose price is known. */
  readonly costOf: () => typeof costOf | Promise<typeof costOf>;
  /** What is known of models and prices; `undefined` where the client carries nothing of it. */
  readonly catalog: () => Promise<Catalog | undefined>;
  /** Keeps what providers sign, for conversations that move between them; absent where the client carries none. */
  readonly vault?: SignedStateVault;
  /** What calls leave for later ones. */
  readonly kept: {
    /** Lists of models that were read before; made with the first list, and loaded with it. */
    models?: ModelCache<readonly OfferedModel[]>;
  };
  readonly clock: Clock;
  readonly random: () => number;
  readonly timeouts: Timeouts;
  /** Attempts over all accounts, targets and retries of one call. */
  readonly attemptsMax: number;
  readonly retry?: RetryPolicy;
  readonly observer?: CallObserver;
  readonly limits?: Limiter;
  /** The first stands outermost. */
  readonly plugins: readonly Middleware[];
}
