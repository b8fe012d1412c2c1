import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';

import type { OAuthWay } from '@patchbay/llm/credentials/oauth/token-endpoint';
import type { Sealer } from '@patchbay/llm/credentials/seal';
import type { BuyTokens } from '@patchbay/llm/credentials/signers/credential-of-fields';
import { systemClock } from '@patchbay/llm/model/clock';

import { buyTokens } from './accounts/client-tokens.ts';
import { OAuthClients } from './accounts/refresh-client.ts';
import { fileJournal, type RefreshJournal } from './accounts/refresh-journal.ts';
import type { TokenRow } from './accounts/refresh-row.ts';
import { AccountTokens } from './accounts/refresh.ts';
import type { Settings } from './config/settings.ts';
import type { Cache } from './coordination/cache.ts';
import type { EgressPolicy } from './egress/policy.ts';
import type { DeadlineWheel } from './relay/deadline-wheel.ts';
import { upstreamExchange } from './relay/upstream-exchange.ts';
import type { Upstream } from './relay/upstream.ts';
import type { Store } from './storage/open-store.ts';
import type { Accounts, RowSecrets, TokenLeases } from './storage/ports.ts';
import type { AccountRecord } from './storage/records.ts';

/** What the tokens of accounts are kept with, made before anything is served. */
export interface OAuthFoundations {
  readonly accounts: Accounts;
  readonly secrets: RowSecrets;
  readonly leases: TokenLeases;
  readonly journal: RefreshJournal;
  readonly cache: Cache;
  /** Hears of each look for tokens in the cache. */
  readonly onLook?: (wasHit: boolean) => void;
}

/** What they are kept with in a store, and beside it. */
export const oauthFoundations = (
  { rows, secrets, tokenLeases }: Store,
  { dataDir, sealer, cache }: { readonly dataDir: string; readonly sealer: Sealer; readonly cache: Cache },
): OAuthFoundations => ({
  accounts: rows.accounts,
  secrets,
  leases: tokenLeases,
  journal: fileJournal(path.join(dataDir, 'token-journal'), sealer),
  cache,
});

interface OAuthNeeds {
  readonly settings: Pick<Settings, 'oauth' | 'oauthRedirectUrl' | 'port' | 'management'>;
  readonly network: Upstream;
  readonly wheel: DeadlineWheel;
  readonly policy: EgressPolicy;
  /** The way out of an account. Default: the direct one. */
  readonly upstreamOf?: (row: Pick<AccountRecord, 'proxyId' | 'providerId'>) => Upstream;
  readonly onError: (error: unknown) => void;
}

/** Everything that signs accounts in and keeps them so. */
export interface OAuth {
  readonly clients: OAuthClients;
  /** The way of an account, there already or about to be: through its proxy where it has one. */
  readonly wayThrough: (row: Pick<AccountRecord, 'proxyId' | 'providerId'>) => OAuthWay;
  readonly tokens: AccountTokens;
  readonly buyTokens: BuyTokens;
  readonly cache: Cache;
  readonly redirectUrl: string;
  readonly openerOrigins: readonly string[];
  close(): void;
}

/** Longest exchange with an authorization server, in milliseconds: an answer that is not awaited takes its tokens along. */
const TIMEOUT_MS = 30_000;

/** Builds what signs accounts in and renews their tokens, through the guarded way out. */
export function composeOAuth(given: OAuthFoundations, needs: OAuthNeeds): OAuth {
  const { settings, network, wheel, policy, upstreamOf, onError } = needs;
  const wayOut = (upstream: Upstream): OAuthWay => ({
    exchange: upstreamExchange(upstream, wheel, TIMEOUT_MS),
    clock: systemClock,
    allowsHttp: (host) => policy.hostNamed(host),
  });
  const way = wayOut(network);
  const wayThrough: OAuth['wayThrough'] = (row) => (upstreamOf === undefined ? way : wayOut(upstreamOf(row)));
  const wayOf = ({ row }: TokenRow): OAuthWay => wayThrough(row);
  const clients = new OAuthClients(settings.oauth, way);
  const tokens = new AccountTokens({
    ...given,
    clientOf: (row) => clients.clientOfAccount(row, wayOf(row)),
    wayOf,
    clock: systemClock,
    random: Math.random,
    owner: `${hostname().slice(0, 20)}:${randomUUID()}`,
    onParked: (accountId, why) => onError(new Error(`${why} (account ${accountId})`)),
    onError,
  });
  return {
    clients,
    wayThrough,
    tokens,
    buyTokens: buyTokens(way),
    cache: given.cache,
    redirectUrl: settings.oauthRedirectUrl ?? `http://localhost:${settings.port}/api/v1/oauth/callback`,
    openerOrigins: settings.management.corsOrigins,
    close: () => tokens.close(),
  };
}
