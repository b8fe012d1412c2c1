import {
  memberNames,
  readInput,
  unknownMembers,
  type Operation,
  type OperationFailure,
  type ValidationError,
} from '@patchbay/contract';
import { nearMatches } from '@patchbay/llm/routing/near-matches';
import type { FastifyRequest } from 'fastify';

import type { Dress } from './dress.ts';

/** What an operation is asked, read and with defaults filled in; any part is absent where the operation has none. */
export interface AskedParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: OperationFailure };

/** Reads a request by its operation's shapes, or says all that is wrong with the first part that does not fit. */
export const readRequest = (
  operation: Operation,
  request: FastifyRequest,
  named?: Dress['named'],
): Reading<AskedParts> =>
  readParts(
    operation,
    { params: request.params, query: joined(request.query), body: () => jsonOf(operation, request) },
    named,
  );

/** A request in parts, however it came. The body is looked at after the others. */
export interface GivenParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: () => Reading<unknown>;
}

/** Reads the parts of a request as `readRequest` does. */
export function readParts(
  operation: Operation,
  given: GivenParts,
  named: Dress['named'] = asWritten,
): Reading<AskedParts> {
  const params = readPart(operation.params, given.params, 'path');
  if (!params.ok) return params;
  const query = readPart(operation.query, given.query, 'query', named);
  if (!query.ok) return query;
  const body = readBody(operation, given.body, named);
  if (!body.ok) return body;
  return { ok: true, value: { params: params.value, query: query.value, body: body.value } };
}

type Naming = NonNullable<Dress['named']>;

const asWritten: Naming = (_, value) => value;

function readPart(
  schema: Operation['params'],
  value: unknown,
  place: string,
  named: Naming = asWritten,
): Reading<unknown> {
  if (schema === undefined) return { ok: true, value: undefined };
  const read = readInput(schema, named(schema, value));
  if (read.ok) return read;
  const [first] = read.errors;
  const message = `The ${place} is not valid: ${first?.field ?? ''}: ${first?.message ?? ''}`;
  return {
    ok: false,
    failure: { code: 'INVALID_INPUT', message, ...fieldOf(read.errors), validationErrors: read.errors },
  };
}

/** A parameter that is repeated means what a comma list means. */
const joined = (query: unknown): unknown =>
  Object.fromEntries(
    Object.entries(query as Record<string, unknown>).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );

function jsonOf(operation: Operation, request: FastifyRequest): Reading<unknown> {
  const bytes = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
  if (bytes.length > 0) return parseJson(bytes, request.headers['content-type']);
  return operation.bodyOptional === true ? { ok: true, value: {} } : input('Send a JSON object as the body.');
}

function readBody(operation: Operation, given: GivenParts['body'], named: Naming): Reading<unknown> {
  const { body: schema } = operation;
  if (schema === undefined) return { ok: true, value: undefined };
  const json = given();
  if (!json.ok) return json;
  const value = named(schema, json.value);
  const read = readInput(schema, value);
  if (!read.ok) return { ok: false, failure: invalid(read.errors) };
  const surplus = unknownIn(operation, value);
  return surplus === undefined ? read : { ok: false, failure: surplus };
}

const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;

function parseJson(bytes: Buffer, contentType = ''): Reading<object> {
  if (!JSON_TYPE.test(contentType)) return input('Send the body as JSON, with `Content-Type: application/json`.');
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!['utf-8', 'utf8', 'us-ascii'].includes(charset)) return input('Send the body in UTF-8.');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's words quote the text, which may hold a secret.
    return input('The body is not valid JSON in UTF-8.');
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ok: true, value }
    : input('The body must be a JSON object.');
}

const input = (message: string): { readonly ok: false; readonly failure: OperationFailure } => ({
  ok: false,
  failure: { code: 'INVALID_INPUT', message },
});

const invalid = (validationErrors: readonly ValidationError[]): OperationFailure => ({
  code: 'VALIDATION_ERROR',
  message: 'Validation failed',
  ...fieldOf(validationErrors),
  validationErrors,
});

const fieldOf = ([first]: readonly ValidationError[]): { readonly field?: string } =>
  first === undefined || first.field === '' ? {} : { field: first.field };

/** A member that does nothing is a mistake. What was read from an answer may be sent back as it is. */
function unknownIn(operation: Operation, value: unknown): OperationFailure | undefined {
  const also = operation.method === 'PUT' ? memberNames(operation.output) : [];
  const found = operation.body === undefined ? [] : unknownMembers(operation.body, value, also);
  if (found.length === 0) return undefined;
  const near = found.map(({ name, known }) => nearMatches(name, known, 1)[0]);
  const errors = found.map(({ field, known }, at) => {
    const meant = near[at] === undefined ? `It knows ${known.join(', ')}.` : `Did you mean ${near[at]}?`;
    return { field: field.slice(0, FIELD_CHARACTERS_MAX), message: `This request has no such member. ${meant}` };
  });
  const suggestions = near.filter((each) => each !== undefined);
  return { ...invalid(errors.slice(0, ERRORS_MAX)), ...(suggestions.length > 0 && { suggestions }) };
}

const FIELD_CHARACTERS_MAX = 200;
/** Nobody reads more of them. */
const ERRORS_MAX = 50;
