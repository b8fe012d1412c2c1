import type { GenerationResponse } from '../../model/response.ts';
import type { Encoded, Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { objectOf } from '../read.ts';
import { answerOf, nameOfAnswer } from './answer-extras.ts';
import { encodeFinish } from './finish.ts';
import { encodePart } from './parts.ts';
import { encodeUsage } from './usage.ts';

/** Writes a whole answer with one candidate. */
export function encodeResponse(response: GenerationResponse): Encoded {
  const { content, usage, finish } = response;
  const losses: Loss[] = [...foreignExtras(response.extras, 'gemini', 'response')];
  const extras = response.extras?.gemini;
  const parts = content.flatMap((part, index) => {
    const wire = encodePart(part, `content[${index}]`, { losses, signatures: 'any' });
    return wire === undefined ? [] : [wire];
  });
  if ((usage?.cacheWriteTokens ?? 0) > 0)
    losses.push({ path: 'usage.cacheWriteTokens', what: 'count of cache writes', instead: 'dropped' });
  const body = answerOf(parts, {
    finishReason: encodeFinish(finish, { refusal: content.some(({ type }) => type === 'refusal') }),
    usageMetadata: usage && encodeUsage(usage, objectOf(extras?.['usageMetadata'])),
    extras,
    named: nameOfAnswer(response.id, response.model, response.createdAtMs),
    said: parts.length > 0,
  });
  return { body, losses };
}
