import type { OperationFailure } from '@patchbay/contract';

/** No such account, or none that this user may see. */
export const ACCOUNT_NOT_FOUND: OperationFailure = {
  code: 'NOT_FOUND',
  message: 'There is no account with this id. GET /api/v1/accounts lists them all.',
};

/** No such provider. */
export const providerNotFound = (providerId: string): OperationFailure => ({
  code: 'PROVIDER_NOT_FOUND',
  field: 'provider_id',
  message: `provider not found: ${providerId.slice(0, 50)}`,
});

/** Something is wrong with one member; what was sent is not repeated, since it may be a secret. */
export const wrong = (field: string, message: string): OperationFailure => ({
  code: 'VALIDATION_ERROR',
  field,
  message,
  validationErrors: [{ field, message }],
});
