import { createClient, type Client, type ClientOptions } from '../../client/create-client.ts';
import { LlmError } from '../../client/llm-error.ts';
import { invalidRequest, type Failure } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { parseJson } from '../../wire/read.ts';
import { WIRE_FORMATS } from '../../wire/registry.ts';
import type { ClientCodec } from '../../wire/codec.ts';
import { answerCall, failureAnswer, failureOf } from './answer-call.ts';
import { askedCall, dialectOf, type AskedCall } from './asked-call.ts';
import { askedVectors, countable, counted, embedded } from './count-and-embed.ts';
import { listModels } from './list-models.ts';

/** Where calls go, and with which accounts: as a client is made, or a client that exists. */
export type FailoverOptions = (ClientOptions | { readonly client: Client }) & {
  /**
   * Models to ask, in this order, as `provider/model`; the next one is asked when one fails before its first output. `*`
   * stands for the model that the program names: `['openai/*', 'anthropic/claude-opus-5']`.
   */
  readonly targets: readonly [string, ...string[]];
  /** Other targets for some of the models that the program names. */
  readonly models?: Readonly<Record<string, string | readonly string[]>>;
};

/**
 * A `fetch` for the official SDKs of OpenAI, Anthropic and Google: `new OpenAI({ fetch, apiKey: 'unused' })`. A request
 * for an answer, whole or streamed, goes through the client, so that keys rotate, another provider answers when one
 * fails, and each is spoken to in its own format; the answer comes back in the dialect of the SDK, refusals as well. What
 * could not be carried is named in `x-patchbay-losses`, who answered in `x-patchbay-provider`.
 *
 * Lists of models are those of the first target's provider, which also counts tokens and makes vectors. Any
 * other address is answered with a 404 that says so. Keys of the SDK are never read.
 *
 * The bytes of a request are not passed on as they are, even in the first target's own dialect: the model has another
 * name, and the next target must get the same request. Members that we do not know arrive all the same.
 *
 * Throws `LlmError` when there is no target.
 */
export function createFailoverFetch(options: FailoverOptions): typeof fetch {
  const client = 'client' in options ? options.client : createClient(options);
  if (options.targets.length === 0)
    throw new LlmError(invalidRequest('targets', 'Name at least one target: `provider/model`.'));
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const asked = askedCall(request.method, url, request.headers);
    if (asked === undefined) return failureAnswer(dialectOf(request.headers), notServed(request.method, url));
    return answerAsked({ client, options, request, asked });
  };
}

const notServed = (method: string, { pathname }: URL): Failure => ({
  kind: 'not-found',
  code: 'unknown_url',
  message: `${method} ${pathname} cannot be answered by another provider: call it without the failover fetch.`,
});

interface Asking {
  readonly client: Client;
  readonly options: FailoverOptions;
  readonly request: Request;
  readonly asked: AskedCall;
}

async function answerAsked({ client, options, request, asked }: Asking): Promise<Response> {
  const { signal } = request;
  if (asked.operation === 'list-models') return listModels({ client, asked, signal, target: options.targets[0] });
  const body = parseJson(await request.text());
  if (body === undefined) return failureAnswer(asked.format, NOT_JSON);
  if (asked.operation === 'embed') return vectors({ client, options, request, asked }, body);
  const codec: ClientCodec = WIRE_FORMATS[asked.format];
  const counts = asked.operation === 'count-tokens';
  const decoded = codec.decodeRequest(counts ? countable(asked.format, body) : body, asked.addressed);
  if (!decoded.ok) return failureAnswer(asked.format, decoded.failure);
  const models = targetsFor(decoded.value.model, options);
  const headers = forwarded(request.headers);
  if (counts) {
    const one = { ...decoded.value, model: models[0] ?? '' };
    return answered(asked, signal, () =>
      counted(client, asked.format, { request: one, options: { format: asked.format, headers, signal } }),
    );
  }
  return answerCall({
    client,
    format: asked.format,
    request: decoded.value,
    models,
    headers,
    signal,
    list: asked.list === true,
  });
}

/** Vectors of the first target alone: those of different models do not compare. */
function vectors({ client, options, request, asked }: Asking, body: Json): Promise<Response> | Response {
  const wanted = askedVectors(body);
  if ('kind' in wanted) return failureAnswer(asked.format, wanted);
  const model = targetsFor(wanted.model, options)[0] ?? '';
  const { signal } = request;
  return answered(asked, signal, () => embedded(client, { ...wanted, model }, { signal }));
}

async function answered(
  { format }: AskedCall,
  signal: AbortSignal,
  make: () => Promise<JsonObject>,
): Promise<Response> {
  try {
    return Response.json(await make());
  } catch (error) {
    return failureAnswer(format, failureOf(error, signal));
  }
}

const NOT_JSON = invalidRequest('', 'The body must be a JSON object.');

function targetsFor(model: string, { targets, models = {} }: FailoverOptions): readonly string[] {
  const own = Object.hasOwn(models, model) ? models[model] : undefined;
  const list = own === undefined ? targets : typeof own === 'string' ? [own] : own;
  return list.map((target) => target.replace('*', () => model));
}

/** Headers that change what a request means in its dialect; all others are the SDK's own affair. */
const MEANINGFUL = ['anthropic-beta', 'openai-beta'];

const forwarded = (headers: Headers): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => MEANINGFUL.includes(name)));
