import { statusIn, type FailureCode, type OperationFailure } from '@patchbay/contract';
import { STATUS_OF_CAUSE, type BackendCode } from '@patchbay/llm/backend/codes';
import { presentFailure } from '@patchbay/llm/backend/envelope';
import type { ProviderErrorCode } from '@patchbay/llm/kit/provider-error';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Dress } from '../../serving/dress.ts';
import { sendJson } from '../../serving/send-json.ts';

/** Codes under the words of this interface; it has none for what a backend cannot meet, such as a lack of rights. */
const WORDS: Readonly<Partial<Record<FailureCode, BackendCode>>> = {
  INVALID_INPUT: 'INVALID_REQUEST',
  VALIDATION_ERROR: 'INVALID_REQUEST',
  INTERNAL_SERVER_ERROR: 'INTERNAL_ERROR',
};

/** This interface's looks: the envelope of backends of the library. */
export const kitDress = (clock: Clock): Dress => ({
  face: 'kit',
  sendFailure: (reply, failure) => {
    const { code, message } = failure;
    const details = detailsOf(failure);
    const shown = { code: WORDS[code] ?? code, message, ...(details && { details }) };
    return sendJson(
      reply,
      statusOf(failure),
      presentFailure(shown, { requestId: reply.request.id, nowMs: clock.nowMs() }),
    );
  },
});

function statusOf({ code, details }: OperationFailure): number {
  const cause = details?.['cause'];
  const isCaused = code === 'GENERATION_ERROR' || code === 'TEST_FAILED';
  return isCaused && isCause(cause) ? STATUS_OF_CAUSE[cause] : statusIn('kit', code);
}

const isCause = (cause: unknown): cause is ProviderErrorCode =>
  typeof cause === 'string' && Object.hasOwn(STATUS_OF_CAUSE, cause);

function detailsOf({ details, field, suggestions, validationErrors }: OperationFailure): OperationFailure['details'] {
  const all = {
    ...details,
    ...(field !== undefined && { path: field }),
    ...(suggestions && { suggestions }),
    ...(validationErrors && { errors: validationErrors }),
  };
  return Object.keys(all).length > 0 ? all : undefined;
}
