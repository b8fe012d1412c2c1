/** Version of the management interfaces, as `/v1/health` reports it. */
export const API_VERSION = '1.0.0';

export { ApiError, createClient, type ClientOptions, type Input, type ManagementClient } from './client.ts';
export {
  FAILURES,
  statusIn,
  type FailureCode,
  type FailureFacts,
  type OperationFailure,
  type ValidationError,
} from './failures.ts';
export { describeOperations, inputSchemaOf, successStatus, type OpenApiInfo, type OpenApiJson } from './openapi.ts';
export type { AnswerOf, Asked, Asking, Face, Method, Operation } from './operation.ts';
export { OPERATIONS, type OperationId, type Operations } from './operations.ts';
export {
  CALLING_PERMISSIONS,
  PERMISSIONS,
  ROLE_ALIASES,
  ROLE_PERMISSIONS,
  roleOf,
  ROLES,
  type Permission,
  type Role,
} from './permissions.ts';
export { readInput, type ReadInput } from './read-input.ts';
export { memberNames, unknownMembers, type UnknownMember } from './unknown-members.ts';
