import type { StreamEvent } from '../model/event.ts';
import { failed, ok, type Result } from '../model/failure.ts';
import { collect } from '../model/fold.ts';
import { nameAnswer } from '../model/name-answer.ts';
import type { GenerationResponse } from '../model/response.ts';
import { generateAround } from '../plugins/around.ts';
import type { GenerateNext } from '../plugins/middleware.ts';
import { FRAMING_TYPES } from '../transport/framing-types.ts';
import { pullFrames } from '../transport/pull-frames.ts';
import { SseDecoder } from '../transport/sse-decode.ts';
import { run, type Loss } from '../wire/codec.ts';
import type { Ask } from './ask.ts';
import { openAttempt, readJson, type Opened } from './attempt.ts';
import { beginCall, noteEnd, startTotal, tokensOf, type Begun } from './begin-call.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import { generatedOf, type Generated } from './generated.ts';
import { LlmError } from './llm-error.ts';
import { runCall, type Attempt } from './run-call.ts';

/** Asks for a whole answer. Throws `LlmError`. */
export async function generate(client: ClientContext, ask: Ask, options: CallOptions): Promise<Generated> {
  const begun = beginCall(client, ask, { operation: 'generate', options });
  if (!begun.ok) throw new LlmError(begun.failure);
  const { record, call } = begun.value;
  let result: Result<GenerationResponse>;
  try {
    result = await generateAround(client.plugins, innermost(client, begun.value))(call);
  } catch (error) {
    await record.end('failed', { kind: 'internal', message: 'The call broke.', detail: String(error) });
    throw error;
  }
  await record.end(result.ok ? 'answered' : 'failed', result.ok ? undefined : result.failure);
  if (!result.ok) throw new LlmError(result.failure, record.attempts);
  return generatedOf(result.value, record);
}

const innermost =
  (client: ClientContext, { record, settingsFor }: Begun): GenerateNext =>
  async (call) => {
    const request = { ...call.request, stream: false };
    const settings = settingsFor(request);
    if (!settings.ok) return settings;
    const total = startTotal(client, settings.value, call.signal);
    try {
      const result = await runCall(client, {
        settings: settings.value,
        record,
        signal: total.signal,
        tokens: await tokensOf(client, request),
        perform: async (attempt) => {
          const answered = await fetchAnswer(client, attempt, request);
          attempt.settle(answered.ok ? { usage: answered.value.answer.usage } : answered);
          return answered;
        },
      });
      noteEnd(call, record, result.ok ? undefined : result.failure);
      if (!result.ok) return result;
      const { answer, losses } = result.value;
      record.answered({ losses, usage: answer.usage });
      return ok(answer);
    } finally {
      total.stop();
    }
  };

interface Fetched {
  readonly answer: GenerationResponse;
  readonly losses: readonly Loss[];
}

async function fetchAnswer(
  client: ClientContext,
  attempt: Attempt,
  request: Parameters<typeof openAttempt>[2],
): Promise<Result<Fetched>> {
  const opened = await openAttempt(client, attempt, request);
  if (!opened.ok) return opened;
  const { response, losses, names, answered } = opened.value;
  const isStream = response.headers['content-type']?.includes(FRAMING_TYPES.sse) === true;
  const decoded = isStream ? await collected(opened.value, attempt) : await decodedWhole(opened.value, attempt);
  if (!decoded.ok) return decoded;
  await client.vault?.remember(decoded.value, answered);
  return ok({ answer: nameAnswer(decoded.value, names), losses });
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
    const frames = pullFrames(new SseDecoder(), response.body);
    for await (const event of run(codec.decodeStream(dialect), frames)) events.push(event);
    return collect(events);
  } catch (error) {
    return failed(attempt.watchdog.explain(error));
  }
}
