import type { costOf } from '../catalog/cost.ts';
import { schemeFor } from '../credentials/credential.ts';
import { signByHeaders } from '../credentials/signers/sign-by-headers.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';
import type { FrameDecoder, Framing } from '../transport/frame-decoder.ts';
import { SseDecoder } from '../transport/sse-decode.ts';
import type { UpstreamCodec } from '../wire/codec.ts';
import { contextOf, type Keys, type SharedOptions } from './client-options.ts';
import { clientOf, type Client } from './client-of.ts';
import type { fitRequest } from './fit/fit-request.ts';

/** A format that is loaded when a call first needs it: bundlers make it a piece of its own. */
export interface LoadedCodec {
  readonly id: UpstreamCodec<object>['id'];
  readonly load: () => Promise<UpstreamCodec<object>>;
}

/** A provider and the formats it is spoken to in. `openai()`, `anthropic()` and `gemini()` make some. */
export interface CarriedProvider {
  readonly record: ProviderRecord;
  readonly codecs: readonly (UpstreamCodec<object> | LoadedCodec)[];
  readonly keys?: Keys;
}

/** What is said of a carried provider; everything is optional. */
export interface CarriedOptions {
  /** One key or several, tried in order when one fails. Default: those in `credentials` of the client. */
  readonly apiKey?: Keys;
  /** Where it is, without a slash at the end. Default: the vendor's own address. */
  readonly baseUrl?: string;
}

/** How a core client is made. Prices are known only where `catalog` is given: see `loadCatalog`. */
export interface CoreClientOptions extends SharedOptions {
  readonly providers: readonly CarriedProvider[];
}

/**
 * Makes a client that knows the given providers and nothing else: no registry, no other formats, no prices, and no
 * accounts that sign whole requests. It behaves as `createClient` does with the same providers.
 */
export function createCoreClient(options: CoreClientOptions): Client {
  const { providers, catalog } = options;
  const codecs = new Map(providers.flatMap((each) => each.codecs).map((codec) => [codec.id, codec]));
  const keys = providers.flatMap(({ record, keys: own }) => (own === undefined ? [] : [[record.id, own] as const]));
  const credentials = { ...options.credentials, ...Object.fromEntries(keys) };
  const exchange = options.exchange ?? fetchExchange();
  const records = providers.map(({ record }) => record);
  let fit: Promise<typeof fitRequest> | undefined;
  let cost: Promise<typeof costOf> | undefined;
  return clientOf(
    contextOf(records, { ...options, credentials }, () => ({
      exchangeOf: () => exchange,
      sign: ({ auth }, credential, _, signal) =>
        signByHeaders(schemeFor(auth, credential) ?? auth[0], credential, signal),
      codecOf: ({ format }) => {
        const codec = codecs.get(format);
        return codec !== undefined && 'load' in codec ? codec.load() : codec;
      },
      // The other framings are those of few providers.
      newDecoder: (framing) => (framing === 'sse' ? new SseDecoder() : loadDecoder(framing)),
      // As large as a whole format: bundlers make it a piece of its own, which the first call loads.
      fit: () => (fit ??= import('./fit/fit-request.ts').then((loaded) => loaded.fitRequest)),
      costOf: () => (cost ??= import('../catalog/cost.ts').then((loaded) => loaded.costOf)),
      catalog: () => Promise.resolve(catalog),
    })),
  );
}

const loadDecoder = async (framing: Framing): Promise<FrameDecoder> =>
  (await import('../transport/frame-decoder.ts')).createFrameDecoder(framing);

/** A record with its formats, as a caller wants it. */
export function carried(
  record: ProviderRecord,
  codecs: CarriedProvider['codecs'],
  { apiKey, baseUrl }: CarriedOptions = {},
): CarriedProvider {
  return {
    record: baseUrl === undefined ? record : { ...record, baseUrl },
    codecs,
    ...(apiKey !== undefined && { keys: apiKey }),
  };
}
