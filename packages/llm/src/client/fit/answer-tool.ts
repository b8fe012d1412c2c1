import type { StreamEvent } from '../../model/event.ts';
import { ok } from '../../model/failure.ts';
import type { Finish } from '../../model/finish.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import type { StreamMachine, UpstreamCodec } from '../../wire/codec.ts';

/** Name of the tool whose arguments are the answer. Long enough that no caller has one of the same name. */
export const ANSWER_TOOL = 'patchbay_final_answer';

/** A codec that reads calls of the answer tool as what the model said, so that no caller ever sees the tool. */
export const withAnswerTool = <Dialect>(codec: UpstreamCodec<Dialect>): UpstreamCodec<Dialect> => ({
  ...codec,
  decodeResponse(body, dialect) {
    const answer = codec.decodeResponse(body, dialect);
    return answer.ok ? ok(answerIn(answer.value)) : answer;
  },
  decodeStream: (dialect) => answerStream(codec.decodeStream(dialect)),
});

const isAnswer = (part: Part): part is Part & { type: 'tool-call' } =>
  part.type === 'tool-call' && part.name === ANSWER_TOOL;

/** Who made a call of the caller's own still waits for its result. */
const finishOf = (finish: Finish, calls: boolean): Finish =>
  finish.reason === 'tool-calls' && !calls ? { reason: 'stop' } : finish;

function answerIn(response: GenerationResponse): GenerationResponse {
  const { content, finish } = response;
  if (!content.some(isAnswer)) return response;
  const calls = content.some((part) => part.type === 'tool-call' && !isAnswer(part));
  return {
    ...response,
    content: content.map((part) => (isAnswer(part) ? { type: 'text', text: part.argumentsJson } : part)),
    finish: finishOf(finish, calls),
  };
}

interface State<Inner> {
  readonly inner: Inner;
  /** Parts that are read as text. */
  readonly answers: Set<number>;
  calls: boolean;
}

function answerStream<In, Inner>(
  machine: StreamMachine<In, StreamEvent, Inner>,
): StreamMachine<In, StreamEvent, State<Inner>> {
  const { isLast } = machine;
  return {
    initial: () => ({ inner: machine.initial(), answers: new Set(), calls: false }),
    step: (state, input) => machine.step(state.inner, input).map((event) => retold(state, event)),
    end: (state) => machine.end(state.inner).map((event) => retold(state, event)),
    ...(isLast !== undefined && { isLast: (input: In) => isLast(input) }),
  };
}

function retold(state: State<unknown>, event: StreamEvent): StreamEvent {
  if (event.type === 'part-start') {
    const { part, index } = event;
    if (!isAnswer(part)) {
      state.calls ||= part.type === 'tool-call';
      return event;
    }
    state.answers.add(index);
    return { type: 'part-start', index, part: { type: 'text', text: part.argumentsJson } };
  }
  if (event.type === 'part-delta' && event.delta.type === 'arguments' && state.answers.has(event.index))
    return { ...event, delta: { type: 'text', text: event.delta.json } };
  if (event.type === 'finish' && state.answers.size > 0)
    return { ...event, finish: finishOf(event.finish, state.calls) };
  return event;
}
