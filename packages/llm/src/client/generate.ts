import { nameAnswer } from '../model/name-answer.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { GenerationResponse } from '../model/response.ts';
import { failed, type Result } from '../model/failure.ts';
import type { StreamEvent } from '../model/event.ts';
import { collect } from '../model/fold.ts';
import { decodeFrames } from '../transport/frame-decoder.ts';
import { FRAMING_TYPES } from '../transport/framing-types.ts';
import { run, type Loss } from '../wire/codec.ts';
import { openAttempt, readJson, type Opened } from './attempt.ts';
import type { CallOptions, ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { runCall, type Attempt } from './run-call.ts';
import { startWatchdog } from './watchdog.ts';

/** An answer, and what of the request could not be carried to the provider. */
export type Generated = GenerationResponse & { readonly losses: readonly Loss[] };

/** Asks for a whole answer. Throws `LlmError`. */
export async function generate(
  client: ClientContext,
  request: GenerationRequest,
  options: CallOptions,
): Promise<Generated> {
  const total = startWatchdog(client.clock, options.signal);
  total.arm('total', client.timeouts.totalMs);
  try {
    const whole = { ...request, stream: false };
    const perform = (attempt: Attempt): Promise<Result<Generated>> => generateOnce(client, attempt, whole);
    const result = await runCall(client, { model: request.model, signal: total.signal, perform });
    if (!result.ok) throw new LlmError(result.failure);
    return result.value;
  } finally {
    total.stop();
  }
}

async function generateOnce(
  client: ClientContext,
  attempt: Attempt,
  request: GenerationRequest,
): Promise<Result<Generated>> {
  const result = await fetchAnswer(client, attempt, request);
  attempt.settle(result.ok ? undefined : result.failure);
  return result;
}

async function fetchAnswer(
  client: ClientContext,
  attempt: Attempt,
  request: GenerationRequest,
): Promise<Result<Generated>> {
  const opened = await openAttempt(client, attempt, request);
  if (!opened.ok) return opened;
  const { response, losses, names } = opened.value;
  const isStream = response.headers['content-type']?.includes(FRAMING_TYPES.sse) === true;
  const decoded = isStream ? await collected(opened.value, attempt) : await decodedWhole(opened.value, attempt);
  return decoded.ok ? { ok: true, value: { ...nameAnswer(decoded.value, names), losses } } : decoded;
}

async function decodedWhole(
  { codec, dialect, response }: Opened,
  attempt: Attempt,
): Promise<Result<GenerationResponse>> {
  const json = await readJson(response, attempt);
  return json.ok ? codec.decodeResponse(json.value, dialect) : json;
}

/** Some models answer by streams only. */
async function collected({ codec, dialect, response }: Opened, attempt: Attempt): Promise<Result<GenerationResponse>> {
  const events: StreamEvent[] = [];
  try {
    const frames = decodeFrames('sse', response.body);
    for await (const event of run(codec.decodeStream(dialect), frames)) events.push(event);
    return collect(events);
  } catch (error) {
    return failed(attempt.watchdog.explain(error));
  }
}
