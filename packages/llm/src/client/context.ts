import type { Clock } from '../model/clock.ts';
import type { RequestSigner } from '../credentials/signers/request-signer.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { Timeouts } from './watchdog.ts';

/** What every call of one client shares. Built once by `createClient`. */
export interface ClientContext {
  readonly providers: ReadonlyMap<string, ProviderRecord>;
  /** Accounts by provider id; a provider without an entry cannot be called. */
  readonly pools: ReadonlyMap<string, CredentialPool>;
  readonly exchangeOf: (provider: ProviderRecord) => Exchange;
  readonly signer: RequestSigner;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timeouts: Timeouts;
  /** Attempts over all accounts and retries of one call. */
  readonly attemptsMax: number;
}

/** Options of one call. */
export interface CallOptions {
  /** Aborting it cancels the call; the failure is then `cancelled`. */
  readonly signal?: AbortSignal;
}
