import { randomUUIDv7 } from 'node:crypto';

import { systemClock } from '@patchbay/llm/model/clock';
import { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import { SCRIPTS } from '@patchbay/llm/providers/simulator/scripts';
import { memoryStateStore } from '@patchbay/llm/tools/signed-state/memory-state-store';
import { createVault } from '@patchbay/llm/tools/signed-state/vault';

import type { Foundations } from './compose.ts';
import { composeAdmission, type Admission } from './compose-admission.ts';
import type { Network } from './compose-network.ts';
import type { Providers } from './compose-providers.ts';
import { endpointCalls, type EndpointFaceParts } from './faces/vendor/endpoints.ts';
import { passThroughCalls, type PassFaceParts } from './faces/vendor/passthrough.ts';
import { responsesCalls, type ResponsesFaceParts } from './faces/vendor/responses-routes.ts';
import { vendorCalls, type VendorParts } from './faces/vendor/routes.ts';
import type { AnswerCache } from './coordination/answer-cache.ts';
import { memoryAnswerCache } from './coordination/memory/answer-cache.ts';
import type { PubSub } from './coordination/pubsub.ts';
import { sharedAnswerCache, type SharedAnswerCache } from './coordination/shared-answer-cache.ts';
import { BodyReader } from './pipeline/body-reader.ts';
import { runEndpoint, type EndpointParts } from './pipeline/endpoints/run-endpoint.ts';
import { runPass } from './pipeline/endpoints/run-pass.ts';
import { createForesight, type Foresight } from './pipeline/foresight.ts';
import { createPriceOf } from './pipeline/limits/price-of.ts';
import { createModelDirectory } from './pipeline/model-directory.ts';
import { createModelLister } from './pipeline/model-listing.ts';
import { ModelLists } from './pipeline/model-lists.ts';
import { createOwnCalls, type OwnCalls } from './pipeline/own-calls.ts';
import type { CallablesNow, ModelDirectory } from './pipeline/ports.ts';
import { compose } from './pipeline/stage.ts';
import { ANSWERS_GROUP, cacheAnswers } from './pipeline/stages/cache-answers.ts';
import { dispatch, type DispatchParts } from './pipeline/stages/dispatch.ts';
import { SpokenFormats } from './pipeline/spoken-formats.ts';
import { TargetHealth } from './pipeline/target-health.ts';
import { composeResponses, type ResponsesParts } from './pipeline/stored-responses/compose-responses.ts';
import { upstreamExchange } from './relay/upstream-exchange.ts';
import type { ListenerOptions } from './server/listener.ts';
import { pricedSink, type PriceOf } from './telemetry/cost.ts';
import { tracedSink, type TraceBook } from './telemetry/trace-book.ts';

/** How calls of every kind are served. */
export interface Calls {
  /** Every call on the raw socket. */
  readonly direct: ListenerOptions['direct'];
  /** What the vendors' dialects are served with. */
  readonly vendor: VendorParts;
  /** Calls that the gateway makes by itself. */
  readonly own: OwnCalls;
  readonly directory: ModelDirectory;
  readonly signer: RequestSigner;
  /** Tells what calls would meet. */
  readonly foresight: Foresight;
  /** What models answered, as far as it is given again. */
  readonly answers: AnswerCache;
  close(): Promise<void>;
}

/** Builds the way of calls, from their admission to their answers. */
export function composeCalls(
  given: Foundations & { readonly traces: TraceBook; readonly pubsub: PubSub },
  { wheel, network }: Network,
  providers: Providers,
): Calls {
  const { settings, traces } = given;
  const { registry, records, catalog, mappings } = providers;
  const callables: CallablesNow = () => registry.current();
  const lists = new ModelLists({ callables, fixed: SIMULATOR_MODELS, wheel, clock: systemClock });
  const known = { callables, records, lists, catalog, aliases: settings.aliases, ...(mappings && { mappings }) };
  const directory = createModelDirectory(known);
  const priceOf = createPriceOf(known);
  const admission = admissionOf(given, directory, priceOf);
  const calling = {
    ...meansOf(given, { network, wheel }, providers),
    priceOf,
    directory,
    accounts: providers.accounts.chooser,
    limiter: admission.limits.limiter,
    health: new TargetHealth(systemClock),
  };
  const responses = responsesOf(given, { directory, formats: calling.formats });
  const answers = answersOf(given);
  const pipeline = createPipeline(given, admission, calling, { responses, answers });
  const bodies = new BodyReader();
  const models = createModelLister({ ...known, clock: systemClock });
  const made = { bodies, pipeline, wheel, clock: systemClock, models };
  const vendor = vendorPartsOf(
    { ...given, traces, sink: pricedSink(tracedSink(traces, given.sink), priceOf) },
    callables,
    made,
  );
  const { bodyLimitBytes } = settings;
  const parts = { ...calling, records, callables, bodyLimitBytes };
  const endpoint = runEndpoint(parts);
  const run: EndpointFaceParts['run'] = (call) => admission.endpoint(call, endpoint);
  return {
    direct: createCalls({ ...vendor, desk: responses?.desk }, admission, { ...parts, run }),
    vendor,
    own: createOwnCalls({ ...vendor, endpoint: run }),
    directory,
    signer: calling.signer,
    foresight: createForesight(admission.limits, calling.health),
    answers,
    close: async () => {
      answers.close();
      await responses?.close();
      await bodies.close();
    },
  };
}

/** What the vendors' dialects are served with. */
const vendorPartsOf = (
  { sink, capture, settings, onError, keys, traces, onEnded }: Foundations & { readonly traces: TraceBook },
  callables: CallablesNow,
  made: Pick<VendorParts, 'bodies' | 'pipeline' | 'wheel' | 'clock' | 'models'>,
): VendorParts => ({
  ...made,
  sink,
  clientStallMs: settings.clientStallMs,
  registryVersion: () => callables().version,
  onError,
  keys,
  traces,
  ...(capture && { newTap: (caller) => capture.begin(caller.capture) }),
  ...(onEnded && { onEnded }),
});

/** What admits calls of every kind. */
const admissionOf = (given: Foundations, directory: ModelDirectory, priceOf: PriceOf): Admission =>
  composeAdmission({
    ...given.limits,
    rules: given.settings.limits,
    maxInFlight: given.settings.maxInFlight,
    inFlight: given.inFlight,
    directory,
    priceOf,
    clock: systemClock,
    random: Math.random,
    onError: (error) => given.onError(error, 'limits'),
  });

/** The way of every chat, from its admission to its answer. */
function createPipeline(
  { settings }: Foundations,
  admission: Admission,
  calling: Omit<DispatchParts, 'keepAliveMs' | 'vault'>,
  { responses, answers }: { readonly responses: ReturnType<typeof responsesOf>; readonly answers: AnswerCache },
): VendorParts['pipeline'] {
  const vault = createVault({ store: memoryStateStore({ clock: calling.clock }) });
  return compose([
    ...(settings.responseCache ? [cacheAnswers(answers, settings.responseCache)] : []),
    admission.chat,
    ...(responses === undefined ? [] : [responses.stage]),
    dispatch({ ...calling, keepAliveMs: settings.keepAliveMs, vault }),
  ]);
}

/** Answers of models that are given again, where any are. */
function answersOf({
  settings,
  pubsub,
}: Pick<Foundations, 'settings'> & { readonly pubsub: PubSub }): SharedAnswerCache {
  const { ttlMs, bytesMax } = settings.responseCache ?? { ttlMs: 0, bytesMax: 0 };
  const cache = memoryAnswerCache({ ttlMs, bytesMax, nowMs: () => systemClock.nowMs() });
  return sharedAnswerCache(cache, pubsub, [ANSWERS_GROUP]);
}

/** What keeps answers for providers without state, where the operator wants any kept. */
function responsesOf(
  { responses: store, settings, onError }: Foundations,
  known: Pick<ResponsesParts, 'directory' | 'formats'>,
): ReturnType<typeof composeResponses> | undefined {
  const { responsesRetentionDays: retentionDays } = settings;
  if (store === undefined || retentionDays === 0) return undefined;
  return composeResponses({
    store,
    retentionDays,
    ...known,
    clock: systemClock,
    newId: () => `resp_${randomUUIDv7().replaceAll('-', '')}`,
    onError: (error) => onError(error, ''),
  });
}

/** What every call is made with, whoever it goes to. */
const meansOf = (
  { settings, version }: Foundations,
  { network, wheel }: Pick<Network, 'network' | 'wheel'>,
  { upstreamOf }: Providers,
) => ({
  timeouts: settings.timeouts,
  signer: new RequestSigner({
    exchange: upstreamExchange(network, wheel),
    exchangeOf: (accountId) => upstreamExchange(upstreamOf(accountId), wheel),
    clock: systemClock,
  }),
  wheel,
  formats: new SpokenFormats(systemClock),
  clock: systemClock,
  random: Math.random,
  userAgent: `patchbay/${version}`,
});

/** Every call on the raw socket, by method and path. */
function createCalls(
  vendor: VendorParts & Pick<ResponsesFaceParts, 'desk'>,
  admission: Admission,
  parts: EndpointParts & Pick<PassFaceParts, 'callables'> & Pick<EndpointFaceParts, 'bodyLimitBytes' | 'run'>,
): ListenerOptions['direct'] {
  const chats = vendorCalls(vendor);
  const { bodyLimitBytes, run } = parts;
  const endpoints = endpointCalls({ ...vendor, bodyLimitBytes, run });
  const pass = runPass(parts);
  const passThrough = passThroughCalls({
    ...vendor,
    callables: parts.callables,
    run: (call) => admission.pass(call, pass),
  });
  const kept = responsesCalls({
    ...vendor,
    provider: (id) => parts.directory.provider(id),
    pass: (call) => admission.pass(call, pass),
  });
  return (method, path) =>
    chats(method, path) ?? endpoints(method, path) ?? kept(method, path) ?? passThrough(method, path);
}

const SIMULATOR_MODELS = new Map([['simulator', Object.keys(SCRIPTS).map((id) => ({ id }))]]);
