import { costOf } from '../catalog/cost.ts';
import { loadCatalog } from '../catalog/load-catalog.ts';
import { schemeFor } from '../credentials/credential.ts';
import { RequestSigner } from '../credentials/signers/request-signer.ts';
import { codecOf } from '../providers/codec-of.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { simulatorExchange } from '../providers/simulator/exchange.ts';
import { memoryStateStore } from '../tools/signed-state/memory-state-store.ts';
import { createVault } from '../tools/signed-state/vault.ts';
import { createFrameDecoder } from '../transport/frame-decoder.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';
import { contextOf, type SharedOptions } from './client-options.ts';
import { clientOf, type Client } from './client-of.ts';
import { fitRequest } from './fit/fit-request.ts';

export type { Accounts, Keys } from './client-options.ts';
export type { Client } from './client-of.ts';

/**
 * How a client is made; everything is optional. `exchange` is by default `fetch`, and the built-in simulator for its own
 * address; `catalog` that of this release, read when it is first needed.
 */
export interface ClientOptions extends SharedOptions {
  /** Default: every provider of the registry. A record with another `baseUrl` points a provider elsewhere. */
  readonly providers?: readonly ProviderRecord[];
}

/** What a client keeps at most of signed thoughts, for 24 hours. */
const STATE_BYTES_MAX = 16 * 1024 * 1024;

/** Makes a client of everything that the library knows. Nothing is sent before the first call. */
export function createClient(options: ClientOptions = {}): Client {
  const records = options.providers ?? Object.values(PROVIDERS);
  return clientOf(
    contextOf(records, options, ({ clock, random }) => {
      const fetched = options.exchange ?? fetchExchange();
      const simulated = options.exchange ?? simulatorExchange({ clock, random });
      const signer = new RequestSigner({ exchange: fetched, clock });
      let catalog = options.catalog && Promise.resolve(options.catalog);
      return {
        exchangeOf: ({ baseUrl }) => (baseUrl === PROVIDERS.simulator.baseUrl ? simulated : fetched),
        sign: (provider, credential, request, signal) =>
          signer.sign(schemeFor(provider.auth, credential) ?? provider.auth[0], credential, request, signal),
        codecOf,
        newDecoder: createFrameDecoder,
        costOf: () => costOf,
        fit: () => fitRequest,
        vault: createVault({ store: memoryStateStore({ clock, bytesMax: STATE_BYTES_MAX }) }),
        catalog: () => (catalog ??= loadCatalog()),
      };
    }),
  );
}
