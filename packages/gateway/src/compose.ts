import { randomBytes, randomUUIDv7 } from 'node:crypto';

import { systemClock } from '@patchbay/llm/model/clock';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import type { FastifyInstance } from 'fastify';

import type { Counter } from './accounts/counter.ts';
import type { UpstreamAccounts } from './accounts/open-accounts.ts';
import type { LimitFoundations } from './compose-admission.ts';
import { composeCalls } from './compose-calls.ts';
import {
  composeManagement,
  type Management,
  type ManagementFoundations,
  type ManagementParts,
} from './compose-management.ts';
import { composeNetwork } from './compose-network.ts';
import type { OAuth, OAuthFoundations } from './compose-oauth.ts';
import { composeProviders, type Providers } from './compose-providers.ts';
import type { Settings } from './config/settings.ts';
import { memoryPubSub } from './coordination/memory/pubsub.ts';
import type { QuotaTally } from './coordination/quota-tally.ts';
import type { PubSub } from './coordination/pubsub.ts';
import { openConsoleFiles } from './faces/console/console-files.ts';
import { consolePage, consoleRoutes } from './faces/console/routes.ts';
import type { Doctor } from './diagnosis/doctor.ts';
import { opsRoutes } from './faces/ops/routes.ts';
import { vendorRoutes } from './faces/vendor/routes.ts';
import type { KeyVerifier } from './identity/ports.ts';
import type { InFlight } from './pipeline/stages/limit-in-flight.ts';
import type { ResponseStore } from './pipeline/stored-responses/kept-response.ts';
import type { Registry, StoredRows } from './registry/registry.ts';
import { spentBytes } from './relay/collect-spent-bytes.ts';
import { createListener } from './server/listener.ts';
import type { CallRecord, CallSink } from './telemetry/call-record.ts';
import type { PayloadCapture } from './telemetry/payloads/capture.ts';
import { RefusalBook } from './telemetry/refusal-book.ts';
import { createLastPrompts } from './telemetry/last-prompts.ts';
import { createTraceBook, type TraceBook } from './telemetry/trace-book.ts';

/** How often an idle process is looked at, in milliseconds. */
const REST_LOOK_MS = 3000;

/** What the gateway stands on, made by `main` because it must be opened and closed around it. */
export interface Foundations {
  readonly settings: Settings;
  readonly version: string;
  readonly keys: KeyVerifier;
  /** Where answers are kept for providers without state; absent where none are. */
  readonly responses?: ResponseStore;
  readonly sink: CallSink;
  /** Hears of each chat that has ended, with what its client sent; must return at once. */
  readonly onEnded?: (call: CallRecord, body: Buffer) => void;
  /** Keeps the bodies of calls; absent where none are kept. */
  readonly capture?: Pick<PayloadCapture, 'begin'>;
  /** Traces calls that want it. Default: the newest ones of this process. */
  readonly traces?: TraceBook;
  readonly inFlight: InFlight;
  readonly metrics: () => string;
  readonly onError: (error: unknown, requestId: string) => void;
  /** Rows of providers and models, which are served beside those of the settings; absent where there are none. */
  readonly stored?: StoredRows;
  /** Counts the choices of accounts. Default: within this process. */
  readonly counter?: Counter;
  /** Where what accounts have used is counted for all processes; absent where this is the only one. */
  readonly quotas?: QuotaTally;
  /** What renews the tokens of accounts; absent where they are presented as long as they last. */
  readonly oauth?: OAuthFoundations;
  /** What limits are kept with. Default: within this process. */
  readonly limits?: LimitFoundations;
  /** Tells the other processes. Default: there are none. */
  readonly pubsub?: PubSub;
  /** Absent: the gateway serves calls alone. */
  readonly management?: ManagementFoundations;
  /** Providers that settings may name. Default: all that the product knows. */
  readonly records?: readonly ProviderRecord[];
}

export interface Gateway {
  readonly app: FastifyInstance;
  /** What can be called. */
  readonly registry: Registry;
  /** How accounts are chosen and fare. */
  readonly accounts: UpstreamAccounts;
  /** What signs accounts in and renews their tokens, where anything does. */
  readonly oauth: OAuth | undefined;
  /** Looks the gateway over; absent where it serves calls alone. */
  readonly doctor: Doctor | undefined;
  /** Makes an archive for whoever helps; absent where it serves calls alone. */
  readonly bundle: (() => Promise<Buffer>) | undefined;
  /** Reads what is stored and writes what is built in; call it before listening. */
  start(): Promise<void>;
  /** Makes `/health` say that this process is on its way out. */
  drain(): void;
  close(): Promise<void>;
}

/** Builds the whole gateway once; nothing here has happened before it is called. */
export function composeGateway(given: Foundations): Gateway {
  const network = composeNetwork(given.settings);
  const providers = composeProviders(given, network);
  const { traces = createTraceBook({ clock: systemClock, newId: () => randomBytes(16).toString('hex') }) } = given;
  const refusals = new RefusalBook(systemClock);
  const { pubsub = memoryPubSub((error) => given.onError(error, '')) } = given;
  const keys = countingRefusals(given.keys, refusals);
  const calls = composeCalls({ ...given, keys, traces, pubsub }, network, providers);
  const console = openConsoleFiles();
  const app = createListener({
    direct: calls.direct,
    page: consolePage(console),
    bodyLimitBytes: given.settings.bodyLimitBytes,
    // Ordered by time: rows of the log then lie in the order in which they are written.
    newRequestId: () => randomUUIDv7(),
    onError: given.onError,
  });
  const stopResting = systemClock.every(REST_LOOK_MS, () => {
    if (given.inFlight.now === 0) spentBytes.rest();
  });
  let ready = true;
  opsRoutes(app, { version: given.version, ready: () => ready, metrics: given.metrics, clock: systemClock });
  vendorRoutes(app, calls.vendor);
  consoleRoutes(app, console);
  const { directory, signer, foresight, answers } = calls;
  const prompts = createLastPrompts();
  const looked = { traces, prompts, refusals, answers, pubsub, own: calls.own, models: calls.vendor.models };
  const management = managementOf(app, given, { ...network, directory, signer, foresight, ...looked }, providers);
  const { registry, oauth, accounts } = providers;
  return {
    app,
    registry,
    oauth,
    accounts,
    doctor: management?.doctor,
    bundle: management?.bundle,
    start: async () => {
      await providers.start();
      await management?.start();
    },
    drain: () => {
      ready = false;
    },
    close: async () => {
      stopResting();
      await management?.close();
      await app.close();
      await calls.close();
      await providers.close();
      network.network.close();
    },
  };
}

/** Keys as they are checked, with those that open nothing counted. */
const countingRefusals = (keys: KeyVerifier, refusals: RefusalBook): KeyVerifier => ({
  ...keys,
  verify: (presented) => {
    const caller = keys.verify(presented);
    if (typeof caller === 'string')
      refusals.note({ door: 'calls', why: `${caller}-key`, operation: 'a call of a model', detail: '' });
    return caller;
  },
});

/** The management, where it is wanted. */
function managementOf(
  app: FastifyInstance,
  given: Foundations,
  means: Pick<
    ManagementParts,
    | 'network'
    | 'policy'
    | 'wheel'
    | 'signer'
    | 'directory'
    | 'foresight'
    | 'refusals'
    | 'traces'
    | 'prompts'
    | 'own'
    | 'models'
    | 'answers'
    | 'pubsub'
  >,
  { catalog, accounts, counter, oauth, proxies, mappings, policies, ...providers }: Providers,
): Management | undefined {
  if (given.management === undefined) return undefined;
  if (oauth === undefined || proxies === undefined)
    throw new TypeError('The management signs accounts in and keeps proxies: it needs `oauth` and `stored`.');
  const { management: settings, logRetentionDays } = given.settings;
  const { version, keys, onError } = given;
  return composeManagement(app, {
    ...given.management,
    ...means,
    registry: providers.registry,
    records: providers.records,
    upstreamAccounts: accounts,
    counter,
    refreshMappings: async () => mappings?.refresh(),
    refreshPolicies: async () => policies?.refresh(),
    oauth,
    buyTokens: oauth.buyTokens,
    proxies,
    catalog: () => catalog.whenRead,
    settings,
    everySetting: given.settings,
    logRetentionDays,
    version,
    keys,
    clock: systemClock,
    onError,
  });
}
