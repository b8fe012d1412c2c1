import { isOutput, type StreamEvent } from '../model/event.ts';
import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import { replay } from '../model/fold.ts';
import type { GenerationRequest } from '../model/request.ts';
import { nameAnswer } from '../model/name-answer.ts';
import type { AnswerObserver } from '../tools/signed-state/vault.ts';
import { FRAMING_TYPES } from '../transport/framing-types.ts';
import { pullFrames } from '../transport/pull-frames.ts';
import { run, type Loss } from '../wire/codec.ts';
import { openAttempt, readJson, type Opened } from './attempt.ts';
import type { ClientContext } from './context.ts';
import type { Attempt } from './run-call.ts';

/** A stream that has begun to speak. `events` settles the attempt when it ends or is returned early. */
export interface OpenStream {
  readonly events: AsyncGenerator<StreamEvent>;
  readonly losses: readonly Loss[];
}

/**
 * Opens one attempt and reads up to the first output. A failure before that is the attempt's failure, so that another
 * account may be tried; a failure after it is an event of the stream.
 */
export async function openStream(
  client: ClientContext,
  attempt: Attempt,
  request: GenerationRequest,
): Promise<Result<OpenStream>> {
  const opened = await openAttempt(client, attempt, request);
  if (!opened.ok) {
    attempt.settle(opened);
    return opened;
  }
  const voice: Voice = { heard: false };
  const memory = client.vault?.observe(opened.value.answered);
  const events = settling(attempt, decode(client, { attempt, opened: opened.value, voice }), memory);
  const preamble: StreamEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return failed(SILENT);
    preamble.push(next.value);
    if (next.value.type === 'failure') {
      await events.return(undefined);
      return failed(next.value.failure);
    }
    if (!isOutput(next.value)) continue;
    voice.heard = true;
    attempt.firstOutput();
    attempt.watchdog.stop();
    return ok({ events: prepend(preamble, events), losses: opened.value.losses });
  }
}

const SILENT: Failure = { kind: 'protocol', message: 'The provider ended its stream without a word.' };

/** Whether output was seen: from then on silence is measured, and only while we wait for the provider. */
interface Voice {
  heard: boolean;
}

interface Listening {
  readonly attempt: Attempt;
  readonly opened: Opened;
  readonly voice: Voice;
}

/** Decodes whatever came: a provider that ignores `stream` answers with one body, which is then replayed. */
async function* decode(client: ClientContext, listening: Listening): AsyncGenerator<StreamEvent> {
  const { codec, dialect, response, names } = listening.opened;
  const framing = codec.framing ?? 'sse';
  const type = response.headers['content-type'] ?? '';
  if (type.includes(FRAMING_TYPES[framing]) || !type.includes('json')) {
    const frames = pullFrames(await client.newDecoder(framing), watched(listening));
    for await (const event of run(codec.decodeStream(dialect), frames))
      yield event.type === 'response-start' ? nameAnswer(event, names) : event;
    return;
  }
  const json = await readJson(response, listening.attempt);
  const whole = json.ok ? codec.decodeResponse(json.value, dialect) : json;
  if (whole.ok) yield* replay(nameAnswer(whole.value, names));
  else yield { type: 'failure', failure: whole.failure };
}

/** A reader that takes its time must not look like a silent provider, so the budget runs only between our reads. */
async function* watched({ attempt, opened, voice }: Listening): AsyncGenerator<Uint8Array> {
  for await (const chunk of opened.response.body) {
    if (voice.heard) attempt.watchdog.stop();
    yield chunk;
    if (voice.heard) attempt.watchdog.arm('idle', attempt.timeouts.idleMs);
  }
}

/** Ends with exactly one terminal event, whatever breaks, and tells the account how it went. */
async function* settling(
  attempt: Attempt,
  events: AsyncIterable<StreamEvent>,
  memory: AnswerObserver | undefined,
): AsyncGenerator<StreamEvent> {
  try {
    for await (const event of events) {
      memory?.step(event);
      // Before the caller can ask again.
      if (event.type === 'finish') await memory?.end();
      if (event.type === 'finish') attempt.settle({ usage: event.usage });
      if (event.type === 'failure') attempt.settle(event);
      yield event;
    }
  } catch (error) {
    const failure = attempt.watchdog.explain(error);
    attempt.settle({ failure });
    yield { type: 'failure', failure };
  } finally {
    // Counts only when no terminal event came: the reader left early, which is no fault of the account.
    attempt.abandon();
  }
}

async function* prepend(first: readonly StreamEvent[], rest: AsyncGenerator<StreamEvent>): AsyncGenerator<StreamEvent> {
  try {
    yield* first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
