import type { OperationFailure } from '@patchbay/contract';

/** No such user. */
export const USER_NOT_FOUND: OperationFailure = {
  code: 'USER_NOT_FOUND',
  message: 'There is no user with this id. GET /api/admin/users lists them all.',
};

/** Somebody must remain who may do everything. */
export const LAST_ADMINISTRATOR: OperationFailure = {
  code: 'CONFLICT',
  message: 'This is the last active administrator. Make another user an administrator first.',
};

/** Somebody else has that name or address. */
export const taken = (field: 'username' | 'email'): OperationFailure => ({
  code: 'ALREADY_EXISTS',
  field,
  message: `Another user has this ${field === 'email' ? 'e-mail address' : 'user name'}. Choose another one.`,
});

/** Something is wrong with one member of the request. */
export const invalid = (field: string, message: string): OperationFailure => ({
  code: 'VALIDATION_ERROR',
  message: 'Validation failed',
  field,
  validationErrors: [{ field, message }],
});
