import { operation } from '../operation.ts';
import {
  CreateDeck,
  CreateImages,
  CreateOutline,
  CreateSlides,
  Images,
  Outline,
  Slides,
} from '../resources/generation.ts';

const FACE = 'generation';
const FAILURES = [
  'VALIDATION_ERROR',
  'MODEL_NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
  'EXTERNAL_SERVICE_ERROR',
  'PROVIDER_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
] as const;

/** Operations that make decks, by id. All tell how it goes on where `Accept` asks for `text/event-stream`. */
export const GENERATION_OPERATIONS = {
  'generation.outline': operation({
    id: 'generation.outline',
    face: FACE,
    method: 'POST',
    path: '/v1/generate/outline',
    aliases: ['/generate/outline'],
    permission: 'outline:generate',
    summary: 'Titles of a deck about a topic, perhaps from a document.',
    body: CreateOutline,
    output: Outline,
    failures: FAILURES,
    reads: true,
  }),
  'generation.slides': operation({
    id: 'generation.slides',
    face: FACE,
    method: 'POST',
    path: '/v1/generate/slides',
    aliases: ['/generate/slides'],
    permission: 'slides:generate',
    summary: 'The slides of a deck, by their titles.',
    body: CreateSlides,
    output: Slides,
    failures: FAILURES,
    reads: true,
  }),
  'generation.images': operation({
    id: 'generation.images',
    face: FACE,
    method: 'POST',
    path: '/v1/generate/images',
    aliases: ['/generate/images'],
    permission: 'images:generate',
    summary: 'A picture for each slide that needs one.',
    body: CreateImages,
    output: Images,
    failures: FAILURES,
    reads: true,
  }),
  'generation.deck': operation({
    id: 'generation.deck',
    face: FACE,
    method: 'POST',
    path: '/v1/generate/deck',
    aliases: ['/generate/deck'],
    permission: 'slides:generate',
    summary: 'A whole deck as a file; as events (text/event-stream) how it comes about, and in the end a link to it.',
    body: CreateDeck,
    status: 200,
    contentType: 'application/octet-stream',
    failures: FAILURES,
    reads: true,
  }),
} as const;
