import type { Frame } from '../../src/wire/codec.ts';
import { arrayOf, isObject, numberOf, objectOf, parseJson, textOf } from '../../src/wire/read.ts';

/** Words that official clients know as reasons to end. */
const FINISH_REASONS = new Set(
  (
    'STOP MAX_TOKENS SAFETY RECITATION LANGUAGE OTHER BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL ' +
    'IMAGE_SAFETY UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS CONTINUATION MALFORMED_RESPONSE'
  ).split(' '),
);

/**
 * Holds a stream of chunks against what Google's clients need; empty when the stream is legal. A chunk with a finish
 * reason, or with a blocked prompt, ends it; or an error that those clients take for one.
 */
export function checkGeminiFrames(frames: readonly Frame[]): readonly string[] {
  const violations: string[] = [];
  let ended = false;
  for (const [position, { event, data }] of frames.entries()) {
    const complain = (sentence: string): void => void violations.push(`frame ${position}: ${sentence}`);
    if (ended) complain('follows the end');
    if (event !== '') complain(`carries the event name ${event}`);
    if (/[\r\n]/.test(data)) complain('is not one line');
    const chunk = parseJson(data);
    if (!isObject(chunk)) complain('is not a JSON object');
    else ended = checkChunk(chunk, complain);
  }
  if (!ended) violations.push('the stream has neither a finish reason nor an error');
  return violations;
}

function checkChunk(chunk: Readonly<Record<string, unknown>>, complain: (sentence: string) => void): boolean {
  const error = objectOf(chunk['error']);
  if (error !== undefined) {
    const code = numberOf(error['code']) ?? 0;
    if (code < 400 || code >= 600) complain('has an error without a code that clients take for one');
    if (typeof error['message'] !== 'string') complain('has an error without a message');
    return true;
  }
  if (objectOf(chunk['promptFeedback'])?.['blockReason'] !== undefined && chunk['candidates'] === undefined)
    return true;
  const [candidate] = arrayOf(chunk['candidates']).map(objectOf);
  if (candidate === undefined) complain('has no candidate');
  return candidate !== undefined && checkCandidate(candidate, complain);
}

function checkCandidate(candidate: Readonly<Record<string, unknown>>, complain: (sentence: string) => void): boolean {
  const content = objectOf(candidate['content']);
  if (candidate['index'] !== 0) complain('has a candidate whose index is not 0');
  if (content?.['role'] !== 'model') complain('has a content that is not the model’s');
  if (!Array.isArray(content?.['parts'])) complain('has a content without parts');
  for (const part of arrayOf(content?.['parts'])) checkPart(objectOf(part) ?? {}, complain);
  const finish = candidate['finishReason'];
  if (finish === undefined) return false;
  if (!FINISH_REASONS.has(textOf(finish) ?? '')) complain(`has the finish reason ${JSON.stringify(finish)}`);
  return true;
}

function checkPart(part: Readonly<Record<string, unknown>>, complain: (sentence: string) => void): void {
  if (Object.keys(part).length === 0) complain('has an empty part');
  if (part['text'] !== undefined && typeof part['text'] !== 'string') complain('has a text that is none');
  const call = part['functionCall'] === undefined ? undefined : objectOf(part['functionCall']);
  if (call === undefined) return;
  if (typeof call['name'] !== 'string' || typeof call['id'] !== 'string') complain('has a call without name or id');
  if (!isObject(call['args'])) complain('has a call whose arguments are no object');
}
