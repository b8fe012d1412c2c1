import type { Addressed, ClientCodec, Framing } from '../../wire/codec.ts';
import { WIRE_FORMATS } from '../../wire/registry.ts';
import { antigravityServer } from './dialects/antigravity.ts';
import { bedrockServer } from './dialects/bedrock.ts';
import { amazonMessages, vertexMessages } from './dialects/carried-messages.ts';
import { ollamaServer } from './dialects/ollama.ts';

/** Where a dialect is spoken, and how. */
export interface Place {
  readonly codec: ClientCodec;
  readonly framing: Framing;
  /** What the path says of the request, where it does. */
  readonly addressed?: Addressed;
  /** Whose signatures are looked at here. */
  readonly signedFor?: 'bedrock';
}

/** A path that names the model and, by its verb, whether a stream is wanted. */
interface AddressedPlace {
  readonly at: RegExp;
  readonly streams: string;
  readonly place: Place;
}

const AMAZON = { framing: 'aws-event-stream', signedFor: 'bedrock' } as const;

/** Tried in their order: the more special first. */
const ADDRESSED: readonly AddressedPlace[] = [
  {
    at: /\/publishers\/anthropic\/models\/([^?]+):(rawPredict|streamRawPredict)$/,
    streams: 'streamRawPredict',
    place: { codec: vertexMessages, framing: 'sse' },
  },
  {
    at: /\/models\/([^?]+):(generateContent|streamGenerateContent)$/,
    streams: 'streamGenerateContent',
    place: { codec: WIRE_FORMATS.gemini, framing: 'sse' },
  },
  {
    at: /\/(v1internal):(generateContent|streamGenerateContent)$/,
    streams: 'streamGenerateContent',
    place: { codec: antigravityServer, framing: 'sse' },
  },
  {
    at: /\/model\/([^/]+)\/(converse|converse-stream)$/,
    streams: 'converse-stream',
    place: { codec: bedrockServer, ...AMAZON },
  },
  {
    at: /\/model\/([^/]+)\/(invoke|invoke-with-response-stream)$/,
    streams: 'invoke-with-response-stream',
    place: { codec: amazonMessages, ...AMAZON },
  },
];

/** Ends of paths where the body says everything. */
const PLAIN: readonly (readonly [end: string, place: Place])[] = [
  ['/chat/completions', { codec: WIRE_FORMATS['openai-chat'], framing: 'sse' }],
  ['/messages', { codec: WIRE_FORMATS['anthropic-messages'], framing: 'sse' }],
  ['/responses', { codec: WIRE_FORMATS['openai-responses'], framing: 'sse' }],
  ['/api/chat', { codec: ollamaServer, framing: 'ndjson' }],
];

/** The dialect that is spoken at a path; none where nothing is. */
export function placeAt(path: string): Place | undefined {
  for (const { at, streams, place } of ADDRESSED) {
    const [, model, verb] = at.exec(path) ?? [];
    if (model !== undefined)
      return { ...place, addressed: { model: decodeURIComponent(model), stream: verb === streams } };
  }
  return PLAIN.find(([end]) => path.endsWith(end))?.[1];
}
