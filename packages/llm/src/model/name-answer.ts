import type { GenerationResponse } from './response.ts';

/** What tells one answer from others. */
export type AnswerNames = Pick<GenerationResponse, 'id' | 'model' | 'createdAtMs'>;

/** An answer, or its beginning, with names in the places that its format leaves empty; the very same if none is. */
export const nameAnswer = <Answer extends AnswerNames>(answer: Answer, names: AnswerNames): Answer =>
  answer.id !== '' && answer.model !== '' && answer.createdAtMs !== 0
    ? answer
    : {
        ...answer,
        id: answer.id || names.id,
        model: answer.model || names.model,
        createdAtMs: answer.createdAtMs || names.createdAtMs,
      };
