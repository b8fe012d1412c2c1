import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Finish } from '../../model/finish.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { callNames } from '../call-names.ts';
import { arrayOf, isObject, objectOf, textOf } from '../read.ts';
import { AnswerExtras, candidateOf } from './answer-extras.ts';
import { nameInAnswer } from './call-ids.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeBlock, decodeFinish } from './finish.ts';
import { decodePart } from './parts.ts';
import { decodeUsage } from './usage.ts';

const NO_CANDIDATE: Failure = { kind: 'protocol', message: 'The provider’s answer has no candidate.' };

/** Reads a whole answer; unknown members and parts are kept, and so are further candidates. */
export function decodeResponse(body: Json): Result<GenerationResponse> {
  if (!isObject(body)) return failed({ kind: 'protocol', message: 'The provider’s answer is not a JSON object.' });
  if (isObject(body['error'])) return failed(decodeFailure(0, body, {}));
  const candidate = candidateOf(body);
  const blocked = blockReason(body);
  if (candidate === undefined && blocked === undefined) return failed(NO_CANDIDATE);
  const id = textOf(body['responseId']) ?? '';
  const content = partsOf(candidate).map(answerParts(id));
  const usage = decodeUsage(body['usageMetadata']);
  const others = arrayOf(body['candidates']).filter((each) => each !== candidate);
  const heard = new AnswerExtras();
  heard.hear(body, candidate);
  return ok({
    id,
    model: textOf(body['modelVersion']) ?? '',
    createdAtMs: createdAtMs(body),
    content,
    finish: finishOf(candidate, blocked, content),
    ...(usage !== undefined && { usage }),
    ...heard.extras(others.length > 0 ? { candidates: others } : {}),
  });
}

/** Why the prompt was refused before any answer. */
export const blockReason = (body: JsonObject): string | undefined =>
  textOf(objectOf(body['promptFeedback'])?.['blockReason']);

/** When an answer was made, in milliseconds since 1970; 0 when the wire does not say. */
export function createdAtMs({ createTime }: JsonObject): number {
  const ms = Date.parse(textOf(createTime) ?? '');
  return Number.isSafeInteger(ms) && ms > 0 ? ms : 0;
}

/** The parts of a candidate or of a piece of one. */
export const partsOf = (candidate: JsonObject | undefined): readonly JsonObject[] =>
  arrayOf(objectOf(candidate?.['content'])?.['parts']).filter(isObject);

/** Reads the parts of one answer, one after the other; calls without ids are named by their position among the calls. */
export function answerParts(responseId: string): (wire: JsonObject) => Part {
  let calls = 0;
  const names = callNames();
  return (wire) => {
    const part = decodePart(wire, () => '');
    if (part.type !== 'tool-call') return part;
    const position = calls;
    calls += 1;
    return { ...part, id: names(part.id, nameInAnswer(responseId, part.name, position)) };
  };
}

function finishOf(candidate: JsonObject | undefined, blocked: string | undefined, content: readonly Part[]): Finish {
  const toolCalls = content.some(({ type }) => type === 'tool-call');
  if (candidate === undefined) return decodeBlock(blocked ?? '');
  return decodeFinish(textOf(candidate['finishReason']) ?? '', { toolCalls });
}
