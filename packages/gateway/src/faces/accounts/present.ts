import { statusIn, type OperationFailure } from '@patchbay/contract';

import type { Dress } from '../../serving/dress.ts';
import { sendJson } from '../../serving/send-json.ts';
import { inSnakeCase } from './member-names.ts';

/**
 * This interface's looks: a failure is one text, with what is wrong with single members in a list beside it; members may
 * also be written in camel case.
 */
export const ACCOUNTS_DRESS: Dress = {
  face: 'accounts',
  named: inSnakeCase,
  sendFailure: (reply, failure) => {
    const error = textOf(failure);
    const hint = error === failure.message ? {} : { message: failure.message };
    const { field, validationErrors } = failure;
    const places = {
      ...(field !== undefined && { field }),
      ...(validationErrors !== undefined && { validationErrors }),
    };
    return sendJson(reply, statusIn('accounts', failure.code), { error, ...hint, ...places });
  },
};

/** Clients of this interface compare these two texts; whatever else helps is told beside them. */
function textOf({ message, details, validationErrors }: OperationFailure): string {
  if (details?.['reason'] === 'AUTHENTICATION_REQUIRED') return 'authentication required';
  if (details?.['required'] !== undefined) return 'insufficient permissions';
  if (validationErrors === undefined || validationErrors.length === 0) return message;
  return validationErrors
    .map((each) => (each.field === '' ? each.message : `${each.field}: ${each.message}`))
    .join('; ');
}
