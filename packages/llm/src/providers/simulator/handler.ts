import { verifySigV4, type ArrivedRequest, type SignatureFault } from '../../credentials/signers/verify-sigv4.ts';
import type { Clock } from '../../model/clock.ts';
import type { Failure } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import type { UpstreamResponse } from '../../transport/exchange.ts';
import { parseJson } from '../../wire/read.ts';
import { countUsage } from './count-tokens.ts';
import { vectorsAt, type VectorsPlace } from './embeddings.ts';
import { encodeAnswer, wholeAnswer } from './encode-answer.ts';
import { placeAt, type Place } from './places.ts';
import { finishReasonOf, MID_ANSWER_FAILURE, silence, type AnswerScene } from './play-scene.ts';
import { SCRIPTS, type Scene, type Script } from './scripts.ts';
import { simulator } from './simulator.ts';

/** A request as the simulator sees it; `script`, by name or one's own, overrules the script that the model names. */
export interface SimulatedRequest {
  readonly path: string;
  readonly body: string;
  readonly script?: string | Pick<Script, 'play'>;
  /** The whole of it, where signatures are to be looked at. */
  readonly arrived?: ArrivedRequest;
}

/** Answers one request; `undefined` when it was aborted before an answer began. */
export type SimulatorHandler = (
  request: SimulatedRequest,
  signal: AbortSignal,
) => Promise<UpstreamResponse | undefined>;

/** What the simulator depends on. */
export interface SimulatorDeps {
  readonly clock: Clock;
  readonly random: () => number;
  /**
   * Accounts of Amazon's, as secrets by access key id. Where they are given, requests in Bedrock's dialects must be signed
   * by one of them or carry a bearer token. Default: nobody's signature is looked at.
   */
  readonly amazonAccounts?: Readonly<Record<string, string>>;
}

/** The simulator as a function from request to response, for exchanges and for real servers. */
export function simulatorHandler(deps: SimulatorDeps): SimulatorHandler {
  return async (request, signal) => {
    const { path, body } = request;
    if (path.endsWith(simulator.models.listPath)) return whole(200, modelList());
    const json = parseJson(body);
    const vectors = vectorsAt(path, json ?? null);
    if (vectors !== undefined) return performVectors({ ...deps, ...request, place: vectors, json, signal });
    const place = placeAt(path);
    if (place === undefined) return whole(404, { error: { message: `The simulator has nothing at ${path}.` } });
    const fault = await signatureFault(deps, request, place);
    if (fault !== undefined) return refuse(place.codec, 403, fault);
    if (json === undefined) return refuse(place.codec, 400, NOT_JSON);
    const read = place.codec.decodeRequest(json, place.addressed);
    if (!read.ok) return refuse(place.codec, 400, read.failure);
    return perform({ ...deps, place, request: read.value, script: request.script ?? read.value.model, signal });
  };
}

/** Why a request may not be answered at a place where signatures count; `undefined` when it may. */
async function signatureFault(
  { amazonAccounts, clock }: SimulatorDeps,
  { arrived }: SimulatedRequest,
  { signedFor }: Place,
): Promise<Failure | undefined> {
  if (signedFor === undefined || amazonAccounts === undefined) return undefined;
  if (arrived?.headers['authorization']?.startsWith('Bearer ') === true) return undefined;
  const known = { secrets: amazonAccounts, service: signedFor, nowMs: clock.nowMs() };
  const fault = arrived === undefined ? 'missing' : await verifySigV4(arrived, known);
  return fault === undefined ? undefined : { kind: 'authentication', message: SIGNATURE_FAULTS[fault] };
}

const SIGNATURE_FAULTS: Readonly<Record<SignatureFault, string>> = {
  missing: 'The request has neither a signature nor a token.',
  'unknown-account': 'The access key id of the signature is not known.',
  expired: 'The signature is of another time.',
  wrong: 'The signature does not fit the request.',
};

interface VectorsPerformance extends SimulatorDeps, Pick<SimulatedRequest, 'script'> {
  readonly place: VectorsPlace;
  readonly json: Json | undefined;
  readonly signal: AbortSignal;
}

/** Vectors are an answer like any other, without words to pause at. */
async function performVectors(run: VectorsPerformance): Promise<UpstreamResponse | undefined> {
  const { place, json, clock, random, signal } = run;
  const refusal = (status: number, failure: Failure, retryAfterS?: number): UpstreamResponse =>
    whole(status, place.refuse(failure), retryHeaders(retryAfterS));
  const asked = json === undefined ? { ok: false as const, failure: NOT_JSON } : place.read(json);
  if (!asked.ok) return refusal(400, asked.failure);
  const { model, texts, write } = asked.value;
  const script = scriptOf(run.script ?? model);
  if (typeof script === 'string') return refusal(404, unknownScript(script));
  const scene = script.play(questionOf(model, texts), () => newId(random));
  if (scene.kind === 'silence') return silent(clock, signal);
  if (scene.kind === 'refusal') return refusal(scene.status, scene.failure, scene.retryAfterS);
  if (scene.ending === 'failure') return refusal(503, MID_ANSWER_FAILURE);
  return wholeAnswer(write(), { scene, clock, signal });
}

/** Scripts play for chats: texts are put to them as a question. */
const questionOf = (model: string, texts: readonly string[]): GenerationRequest => ({
  model,
  messages: [{ role: 'user', content: texts.map((text) => ({ type: 'text', text })) }],
  stream: false,
  streamUsage: false,
});

async function silent(clock: Clock, signal: AbortSignal): Promise<undefined> {
  await silence(clock, signal);
  return undefined;
}

interface Performance extends SimulatorDeps {
  readonly place: Place;
  readonly request: GenerationRequest;
  readonly script: string | Pick<Script, 'play'>;
  readonly signal: AbortSignal;
}

async function perform(run: Performance): Promise<UpstreamResponse | undefined> {
  const { place, request, clock, signal } = run;
  const { codec, framing } = place;
  const script = scriptOf(run.script);
  if (typeof script === 'string') return refuse(codec, 404, unknownScript(script));
  const scene: Scene = script.play(request, () => newId(run.random));
  if (scene.kind === 'silence') return silent(clock, signal);
  if (scene.kind === 'refusal') return refuse(codec, scene.status, scene.failure, scene.retryAfterS);
  if (scene.ending === 'failure' && !request.stream) return refuse(codec, 503, MID_ANSWER_FAILURE);
  return encodeAnswer({ scene, response: respond(run, scene), codec, framing, request, clock, signal });
}

/** The script, or the name that none has. */
function scriptOf(script: Performance['script']): Pick<Script, 'play'> | string {
  if (typeof script !== 'string') return script;
  const name = script.replace(/^simulator\//, '');
  return (Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined) ?? name;
}

function respond({ request, clock, random }: Performance, scene: AnswerScene): GenerationResponse {
  return {
    id: `sim_${newId(random)}`,
    model: request.model,
    createdAtMs: clock.nowMs(),
    content: scene.parts,
    finish: { reason: finishReasonOf(scene.parts) },
    usage: countUsage(request, scene.parts),
  };
}

function refuse(codec: Place['codec'], status: number, failure: Failure, retryAfterS?: number): UpstreamResponse {
  return whole(status, codec.encodeFailure(failure).body, retryHeaders(retryAfterS));
}

const retryHeaders = (retryAfterS: number | undefined): Readonly<Record<string, string>> =>
  retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };

function whole(status: number, body: JsonObject, headers: Readonly<Record<string, string>> = {}): UpstreamResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: once(JSON.stringify(body)) };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

const NOT_JSON: Failure = { kind: 'invalid-request', message: 'The body must be JSON.' };

function unknownScript(name: string): Failure {
  const known = Object.keys(SCRIPTS).map((each) => `simulator/${each}`);
  return {
    kind: 'not-found',
    message: `The simulator has no model "${name}". Use one of ${known.join(', ')}.`,
    status: 404,
    code: 'model_not_found',
    path: 'model',
  };
}

function modelList(): JsonObject {
  const data = Object.entries(SCRIPTS).map(([id, { about }]) => ({ id, object: 'model', display_name: about }));
  return { object: 'list', data, has_more: false };
}

const newId = (random: () => number): string =>
  Array.from({ length: 4 }, () =>
    Math.floor(random() * 0x1000000)
      .toString(16)
      .padStart(6, '0'),
  ).join('');
