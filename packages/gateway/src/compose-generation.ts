import { randomBytes } from 'node:crypto';

import { GENERATION_ENDPOINTS } from '@patchbay/contract/resources/debug';
import type { Clock } from '@patchbay/llm/model/clock';
import { failed, ok } from '@patchbay/llm/model/failure';
import type { FastifyInstance } from 'fastify';

import { pictureEnding, PICTURES, type AskStorage, type BlobStore } from './blobs/blob-store.ts';
import { DECK_START, deckName, DECKS, endOfDeck } from './blobs/deck-names.ts';
import { openBlobs } from './blobs/open-blobs.ts';
import type { GenerationSettings } from './config/generation-settings.ts';
import type { Settings } from './config/settings.ts';
import type { AnswerCache } from './coordination/answer-cache.ts';
import { memoryAnswerCache } from './coordination/memory/answer-cache.ts';
import type { PubSub } from './coordination/pubsub.ts';
import { sharedAnswerCache } from './coordination/shared-answer-cache.ts';
import { guardedConnect } from './egress/guarded-connect.ts';
import { createEgressPolicy } from './egress/policy.ts';
import { generationRoutes, type GenerationFaceParts } from './faces/generation/routes.ts';
import { staticDecks, staticImages } from './faces/generation/static-files.ts';
import { createDecks } from './generation/deck/finish-decks.ts';
import { openDeckShelf, type DeckShelf } from './generation/deck/keep-decks.ts';
import { chooseParts } from './generation/documents/choose-parts.ts';
import { EXTRACTION_BOUNDS } from './generation/documents/extraction-thread.ts';
import { createReadDocument } from './generation/documents/read-document.ts';
import { createGeneration } from './generation/generation.ts';
import type { Models } from './generation/ports.ts';
import { debugAuthenticator } from './identity/debug-authenticator.ts';
import type { KeyVerifier } from './identity/ports.ts';
import type { OwnCalls } from './pipeline/own-calls.ts';
import { generationHandlers } from './operations/generation/handlers.ts';
import type { Registry } from './registry/registry.ts';
import type { DeadlineWheel } from './relay/deadline-wheel.ts';
import { fetchWhole } from './relay/fetch-whole.ts';
import { loneExchange } from './relay/lone-exchange.ts';
import type { Upstream } from './relay/upstream.ts';
import { createLimiter, type Limiter } from './serving/limits.ts';
import type { FaceParts } from './serving/mount-operations.ts';
import type { LastPrompts } from './telemetry/last-prompts.ts';

/** What the making of decks stands on. */
export interface GenerationFoundations {
  readonly settings: GenerationSettings;
  readonly dataDir: string;
  readonly own: OwnCalls;
  readonly registry: Pick<Registry, 'current'>;
  /** What callers may name of loopback and private addresses. */
  readonly egressAllow: readonly string[];
  /** The guarded way out to whom the operator named. */
  readonly network: Upstream;
  readonly wheel: DeadlineWheel;
  readonly prompts: LastPrompts;
  readonly pubsub: PubSub;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** What makes decks, where its pictures lie, and what forgets what it made. */
export interface ComposedGeneration {
  readonly handlers: ReturnType<typeof generationHandlers>;
  readonly blobs: BlobStore;
  readonly shelf: DeckShelf;
  readonly cache: AnswerCache;
  close(): void;
}

/** Longest wait for a store of pictures, or for a picture that a provider put somewhere, in milliseconds. */
const STORAGE_MS = 30_000;

/** Builds what makes decks. */
export function composeGeneration(given: GenerationFoundations): ComposedGeneration {
  const { settings, network, wheel, clock, prompts } = given;
  const ask: AskStorage = (request) => fetchWhole(network, request, wheel, STORAGE_MS);
  const place = { settings: settings.blobs, dataDir: given.dataDir, ask, clock };
  const blobs = openBlobs(place, PICTURES);
  // Where providers are is the operator's to say; that they are near does not open their neighbours to callers.
  const strangers = guardedConnect(createEgressPolicy(given.egressAllow, []), clock);
  const exchange = loneExchange(strangers, wheel);
  const ownCache = memoryAnswerCache({ ...settings.cache, nowMs: () => clock.nowMs() });
  const cache = sharedAnswerCache(ownCache, given.pubsub, GENERATION_ENDPOINTS);
  const { readTimeoutMs: timeoutMs, ...reading } = settings.documents;
  const generation = createGeneration({
    settings,
    models: modelsOf(given),
    lastPrompts: prompts,
    cache,
    blobs,
    endingOf: pictureEnding,
    newSuffix: () => randomBytes(4).toString('hex'),
    download: async (url) => {
      const answer = await ask({ method: 'GET', url, headers: { accept: 'image/*' } });
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      if (status === 200) return ok(body);
      return failed({ kind: 'upstream', message: `The picture could not be got from its address (status ${status}).` });
    },
    chooseParts,
    readDocument: createReadDocument({ ...reading, exchange, clock, extraction: { ...EXTRACTION_BOUNDS, timeoutMs } }),
    clock,
  });
  const decks = createDecks({ generation, blobs, exchange, clock });
  const shelf = openDeckShelf({
    blobs: openBlobs(place, DECKS),
    keptMs: settings.decksKeptMs,
    newName: (format, endsAtMs) => deckName(format, endsAtMs, randomBytes(16).toString('hex')),
    nameStart: DECK_START,
    endOf: endOfDeck,
    clock,
    onError: given.onError,
  });
  const close = (): void => {
    shelf.close();
    cache.close();
  };
  return { handlers: generationHandlers(generation, decks, shelf), blobs, shelf, cache, close };
}

const modelsOf = ({ own, registry }: GenerationFoundations): Models => ({
  ...own,
  isConfigured: (providerId) => registry.current().runtimes.has(providerId),
});

interface Mounting extends Omit<FaceParts, 'limit'>, Pick<GenerationFaceParts, 'traces'> {
  readonly decks: Pick<ComposedGeneration, 'blobs' | 'shelf'>;
  readonly everySetting: Settings;
  readonly keys: KeyVerifier;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;

/** Mounts the routes that make decks, for everybody who may call models, and those of their pictures, for everybody. */
export function mountGeneration(app: FastifyInstance, { decks, everySetting, keys, ...serving }: Mounting): void {
  const { clock } = serving;
  const authenticator = debugAuthenticator(serving.authenticator, keys);
  const { perMinute, documents } = everySetting.generation;
  const { outline, slides, images } = perMinute;
  const limit = (max: number, setting: string): Limiter =>
    createLimiter({ max, windowMs: MINUTE_MS, setting, clock, authenticator });
  generationRoutes(app, {
    ...serving,
    authenticator,
    documentBytesMax: documents.bytesMax,
    limits: {
      outline: limit(outline, 'RATE_LIMIT_OUTLINE'),
      slides: limit(slides, 'RATE_LIMIT_SLIDES'),
      images: limit(images, 'RATE_LIMIT_IMAGES'),
    },
  });
  staticImages(app, PICTURES.path, decks.blobs);
  staticDecks(app, DECKS.path, decks.shelf);
}
