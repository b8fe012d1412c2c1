import type { Clock } from '../../model/clock.ts';
import type { Failure } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import type { UpstreamResponse } from '../../transport/exchange.ts';
import type { Addressed, ClientCodec } from '../../wire/codec.ts';
import { parseJson } from '../../wire/read.ts';
import { WIRE_FORMATS } from '../../wire/registry.ts';
import { countUsage } from './count-tokens.ts';
import { encodeAnswer } from './encode-answer.ts';
import { finishReasonOf, MID_ANSWER_FAILURE, silence, type AnswerScene } from './play-scene.ts';
import { SCRIPTS, type Script } from './scripts.ts';
import { simulator } from './simulator.ts';

/** A request as the simulator sees it; `script`, by name or one's own, overrules the script that the model names. */
export interface SimulatedRequest {
  readonly path: string;
  readonly body: string;
  readonly script?: string | Pick<Script, 'play'>;
}

/** Answers one request; `undefined` when it was aborted before an answer began. */
export type SimulatorHandler = (
  request: SimulatedRequest,
  signal: AbortSignal,
) => Promise<UpstreamResponse | undefined>;

interface Deps {
  readonly clock: Clock;
  readonly random: () => number;
}

/** The simulator as a function from request to response, for exchanges and for real servers. */
export function simulatorHandler(deps: Deps): SimulatorHandler {
  return async ({ path, body, script }, signal) => {
    if (path.endsWith(simulator.models.listPath)) return whole(200, modelList());
    const asked = askedAt(path);
    if (asked === undefined) return whole(404, { error: { message: `The simulator has nothing at ${path}.` } });
    const codec: ClientCodec = WIRE_FORMATS[asked.format];
    const json = parseJson(body);
    if (json === undefined) return refuse(codec, 400, NOT_JSON);
    const request = codec.decodeRequest(json, asked.addressed);
    if (!request.ok) return refuse(codec, 400, request.failure);
    return perform({ ...deps, codec, request: request.value, script: script ?? request.value.model, signal });
  };
}

/** What a path asks for: the format, and what the path itself says of the request. */
function askedAt(path: string): { format: keyof typeof WIRE_FORMATS; addressed?: Addressed } | undefined {
  const [, model, verb] = /\/models\/([^?]+):(generateContent|streamGenerateContent)$/.exec(path) ?? [];
  if (model !== undefined)
    return { format: 'gemini', addressed: { model: decodeURIComponent(model), stream: verb !== 'generateContent' } };
  const format = simulator.speaks.find((each) => path.endsWith(each.path))?.format;
  return format === undefined ? undefined : { format };
}

interface Performance extends Deps {
  readonly codec: ClientCodec;
  readonly request: GenerationRequest;
  readonly script: string | Pick<Script, 'play'>;
  readonly signal: AbortSignal;
}

async function perform(run: Performance): Promise<UpstreamResponse | undefined> {
  const { codec, request, clock, signal } = run;
  const script = scriptOf(run.script);
  if (typeof script === 'string') return refuse(codec, 404, unknownScript(script));
  const scene = script.play(request, () => newId(run.random));
  if (scene.kind === 'silence') {
    await silence(clock, signal);
    return undefined;
  }
  if (scene.kind === 'refusal') return refuse(codec, scene.status, scene.failure, scene.retryAfterS);
  if (scene.ending === 'failure' && !request.stream) return refuse(codec, 503, MID_ANSWER_FAILURE);
  return encodeAnswer({ scene, response: respond(run, scene), codec, request, clock, signal });
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

function refuse(codec: ClientCodec, status: number, failure: Failure, retryAfterS?: number): UpstreamResponse {
  const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  return whole(status, codec.encodeFailure(failure).body, headers);
}

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
