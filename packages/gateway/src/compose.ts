import { randomUUIDv7 } from 'node:crypto';

import type { Credential } from '@patchbay/llm/credentials/credential';
import { CredentialPool } from '@patchbay/llm/credentials/pool';
import { systemClock } from '@patchbay/llm/model/clock';
import { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import { deployedRecord } from '@patchbay/llm/providers/deployed-record';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';
import { simulatorExchange } from '@patchbay/llm/providers/simulator/exchange';
import { SCRIPTS } from '@patchbay/llm/providers/simulator/scripts';
import { memoryStateStore } from '@patchbay/llm/tools/signed-state/memory-state-store';
import { createVault } from '@patchbay/llm/tools/signed-state/vault';
import type { FastifyInstance } from 'fastify';

import type { ProviderSetting, Settings } from './config/settings.ts';
import { createEgressPolicy } from './egress/policy.ts';
import { guardedConnect } from './egress/guarded-connect.ts';
import { opsRoutes } from './faces/ops/routes.ts';
import { endpointCalls, type EndpointFaceParts } from './faces/vendor/endpoints.ts';
import { passThroughCalls, type PassFaceParts } from './faces/vendor/passthrough.ts';
import { responsesCalls, type ResponsesFaceParts } from './faces/vendor/responses-routes.ts';
import { vendorCalls, vendorRoutes, type VendorParts } from './faces/vendor/routes.ts';
import { BodyReader } from './pipeline/body-reader.ts';
import { runEndpoint, type EndpointParts } from './pipeline/endpoints/run-endpoint.ts';
import { runPass } from './pipeline/endpoints/run-pass.ts';
import { holdCatalog } from './pipeline/held-catalog.ts';
import { createModelDirectory } from './pipeline/model-directory.ts';
import { createModelLister } from './pipeline/model-listing.ts';
import { ModelLists } from './pipeline/model-lists.ts';
import type { ProviderRuntime } from './pipeline/ports.ts';
import { composeResponses, type ResponsesParts } from './pipeline/stored-responses/compose-responses.ts';
import type { ResponseStore } from './pipeline/stored-responses/kept-response.ts';
import { compose } from './pipeline/stage.ts';
import { dispatch, type DispatchParts } from './pipeline/stages/dispatch.ts';
import { limitInFlight, type AnyStage, type InFlight } from './pipeline/stages/limit-in-flight.ts';
import { DeadlineWheel } from './relay/deadline-wheel.ts';
import { spentBytes } from './relay/collect-spent-bytes.ts';
import { exchangeUpstream } from './relay/exchange-upstream.ts';
import { upstreamExchange } from './relay/upstream-exchange.ts';
import { http1Upstream, type NetworkUpstream } from './relay/http1/http1-upstream.ts';
import type { Upstream } from './relay/upstream.ts';
import type { KeyVerifier } from './identity/ports.ts';
import { createListener, type ListenerOptions } from './server/listener.ts';
import type { CallSink } from './telemetry/call-record.ts';

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
  readonly inFlight: InFlight;
  readonly metrics: () => string;
  readonly onError: (error: unknown, requestId: string) => void;
  /** Providers that settings may name. Default: all that the product knows. */
  readonly records?: readonly ProviderRecord[];
}

export interface Gateway {
  readonly app: FastifyInstance;
  /** Makes `/health` say that this process is on its way out. */
  drain(): void;
  close(): Promise<void>;
}

/** Builds the whole gateway once; nothing here has happened before it is called. */
export function composeGateway(given: Foundations): Gateway {
  const { settings } = given;
  const { bodyLimitBytes } = settings;
  const clock = systemClock;
  const wheel = new DeadlineWheel(clock);
  const network = createNetwork(settings, wheel);
  const records = given.records ?? Object.values<ProviderRecord>(PROVIDERS);
  const runtimes = createRuntimes(settings, records, network);
  const lists = new ModelLists({ runtimes: [...runtimes.values()], fixed: SIMULATOR_MODELS, wheel, clock });
  const known = { runtimes, records, lists, catalog: holdCatalog(), aliases: settings.aliases };
  const directory = createModelDirectory(known);
  const limit = limitInFlight(settings.maxInFlight, given.inFlight, Math.random);
  const signer = new RequestSigner({ exchange: upstreamExchange(network, wheel), clock });
  const calling = { signer, directory, timeouts: settings.timeouts, wheel, clock, random: Math.random };
  const responses = responsesOf(given, directory);
  const pipeline = createPipeline(given, limit, calling, responses);
  const bodies = new BodyReader();
  const userAgent = `patchbay/${given.version}`;
  const vendor: VendorParts = {
    bodies,
    pipeline,
    sink: given.sink,
    wheel,
    clock,
    clientStallMs: settings.clientStallMs,
    onError: given.onError,
    keys: given.keys,
    models: createModelLister({ ...known, clock }),
  };
  const parts = { ...calling, records, runtimes, bodyLimitBytes, userAgent };
  const app = createListener({
    direct: createCalls({ ...vendor, desk: responses?.desk }, limit, parts),
    bodyLimitBytes,
    // Ordered by time: rows of the log then lie in the order in which they are written.
    newRequestId: () => randomUUIDv7(),
    onError: given.onError,
  });
  const stopResting = clock.every(REST_LOOK_MS, () => {
    if (given.inFlight.now === 0) spentBytes.rest();
  });
  let ready = true;
  opsRoutes(app, { version: given.version, ready: () => ready, metrics: given.metrics });
  vendorRoutes(app, vendor);
  return {
    app,
    drain: () => {
      ready = false;
    },
    close: async () => {
      stopResting();
      await responses?.close();
      await app.close();
      await bodies.close();
      network.close();
    },
  };
}

/** The way of every chat, from its admission to its answer. */
function createPipeline(
  { settings }: Foundations,
  limit: AnyStage,
  calling: Omit<DispatchParts, 'keepAliveMs' | 'vault'>,
  responses: ReturnType<typeof responsesOf>,
): VendorParts['pipeline'] {
  const vault = createVault({ store: memoryStateStore({ clock: calling.clock }) });
  return compose([
    limit,
    ...(responses === undefined ? [] : [responses.stage]),
    dispatch({ ...calling, keepAliveMs: settings.keepAliveMs, vault }),
  ]);
}

/** What keeps answers for providers without state, where the operator wants any kept. */
function responsesOf(
  { responses: store, settings, onError }: Foundations,
  directory: ResponsesParts['directory'],
): ReturnType<typeof composeResponses> | undefined {
  const { responsesRetentionDays: retentionDays } = settings;
  if (store === undefined || retentionDays === 0) return undefined;
  return composeResponses({
    store,
    retentionDays,
    directory,
    clock: systemClock,
    newId: () => `resp_${randomUUIDv7().replaceAll('-', '')}`,
    onError: (error) => onError(error, ''),
  });
}

/** The way out, to public addresses and to those that the operator named. */
function createNetwork({ egressAllow, providers }: Settings, wheel: DeadlineWheel): NetworkUpstream {
  const policy = createEgressPolicy(
    egressAllow,
    providers.flatMap(({ baseUrl }) => baseUrl ?? []),
  );
  return http1Upstream(guardedConnect(policy, systemClock), wheel);
}

/** Every call on the raw socket, by method and path. */
function createCalls(
  vendor: VendorParts & Pick<ResponsesFaceParts, 'desk'>,
  limit: AnyStage,
  parts: EndpointParts & Pick<PassFaceParts, 'runtimes'> & Pick<EndpointFaceParts, 'bodyLimitBytes'>,
): ListenerOptions['direct'] {
  const chats = vendorCalls(vendor);
  const endpoint = runEndpoint(parts);
  const endpoints = endpointCalls({
    ...vendor,
    bodyLimitBytes: parts.bodyLimitBytes,
    run: (call) => limit(call, endpoint),
  });
  const pass = runPass(parts);
  const passThrough = passThroughCalls({ ...vendor, runtimes: parts.runtimes, run: (call) => limit(call, pass) });
  const kept = responsesCalls(vendor);
  return (method, path) =>
    chats(method, path) ?? endpoints(method, path) ?? kept(method, path) ?? passThrough(method, path);
}

/** The built-in simulator and every provider the settings name. */
function createRuntimes(
  settings: Settings,
  records: readonly ProviderRecord[],
  network: Upstream,
): Map<string, ProviderRuntime> {
  const simulated = exchangeUpstream(simulatorExchange({ clock: systemClock, random: Math.random }));
  const runtimes = new Map([
    ['simulator', runtime(PROVIDERS.simulator, { providerId: 'simulator', accounts: [] }, simulated)],
  ]);
  for (const setting of settings.providers) {
    const record = records.find(({ id }) => id === setting.providerId);
    if (record === undefined || record.id === 'simulator') continue;
    runtimes.set(record.id, runtime(record, setting, network));
  }
  return runtimes;
}

function runtime(record: ProviderRecord, setting: ProviderSetting, upstream: Upstream): ProviderRuntime {
  const credentials: readonly Credential[] =
    setting.accounts.length > 0 ? setting.accounts : [{ kind: 'anonymous', id: `${record.id}-anonymous` }];
  const pool = new CredentialPool({ credentials, clock: systemClock });
  const deployed = deployedRecord(record, (env) => setting.variables?.[env], setting.baseUrl);
  if (!deployed.ok) throw new Error(deployed.failure.message);
  return { record: deployed.value, baseUrl: deployed.value.baseUrl, pool, upstream };
}

const SIMULATOR_MODELS = new Map([['simulator', Object.keys(SCRIPTS).map((id) => ({ id }))]]);
