import { statusIn, type FailureCode, type OperationFailure } from '@patchbay/contract';
import { STATUS_OF_AUTH_CAUSE, STATUS_OF_CAUSE, type BackendCode } from '@patchbay/llm/backend/codes';
import { presentFailure } from '@patchbay/llm/backend/envelope';
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

/** Statuses of failures that have causes, by what failed. */
const CAUSED: Readonly<Partial<Record<FailureCode, Readonly<Record<string, number>>>>> = {
  GENERATION_ERROR: STATUS_OF_CAUSE,
  TEST_FAILED: STATUS_OF_CAUSE,
  OAUTH_INITIATE_FAILED: STATUS_OF_AUTH_CAUSE,
  OAUTH_CALLBACK_FAILED: STATUS_OF_AUTH_CAUSE,
  REFRESH_FAILED: STATUS_OF_AUTH_CAUSE,
  REVOKE_FAILED: STATUS_OF_AUTH_CAUSE,
};

const statusOf = ({ code, details }: OperationFailure): number =>
  CAUSED[code]?.[String(details?.['cause'])] ?? statusIn('kit', code);

function detailsOf({ details, field, suggestions, validationErrors }: OperationFailure): OperationFailure['details'] {
  const all = {
    ...details,
    ...(field !== undefined && { path: field }),
    ...(suggestions && { suggestions }),
    ...(validationErrors && { errors: validationErrors }),
  };
  return Object.keys(all).length > 0 ? all : undefined;
}
