import * as z from 'zod/mini';

import { FAILURES, statusIn, type FailureCode } from './failures.ts';
import type { Face, Operation } from './operation.ts';

/** JSON, as the description is made of it. */
export type OpenApiJson = { [name: string]: unknown };

/** Head of the description. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

/** Codes that every operation behind a key can answer. */
const ALWAYS: readonly FailureCode[] = [
  'INVALID_INPUT',
  'UNAUTHORIZED',
  'INSUFFICIENT_PERMISSIONS',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
  'DATABASE_ERROR',
];
const ALWAYS_OPEN: readonly FailureCode[] = ['INVALID_INPUT', 'RATE_LIMIT_EXCEEDED', 'INTERNAL_SERVER_ERROR'];

/** Describes operations in OpenAPI 3.1. */
export function describeOperations(operations: readonly Operation[], info: OpenApiInfo): OpenApiJson {
  const paths: Record<string, OpenApiJson> = {};
  for (const operation of operations) {
    for (const path of [operation.path, ...(operation.aliases ?? [])]) {
      const isAlias = path !== operation.path;
      (paths[path] ??= {})[operation.method.toLowerCase()] = described(operation, isAlias);
    }
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or an administrative API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
      schemas: {
        Failure: FAILURE_SCHEMAS.catalogue,
        TextFailure: FAILURE_SCHEMAS.accounts,
        GenerationFailure: FAILURE_SCHEMAS.generation,
        EnvelopedFailure: FAILURE_SCHEMAS.kit,
      },
    },
  };
}

function described(operation: Operation, isAlias: boolean): OpenApiJson {
  const [group = ''] = operation.id.split('.');
  const body =
    operation.body === undefined
      ? {}
      : {
          requestBody: {
            required: operation.bodyOptional !== true,
            content: { 'application/json': { schema: schemaOf(operation.body, 'input') } },
          },
        };
  return {
    operationId: isAlias ? `${operation.id}.alias` : operation.id,
    tags: [group],
    summary: operation.summary,
    ...(operation.permission === 'public' ? { security: [] } : { security: [{ bearer: [] }, { apiKey: [] }] }),
    'x-permission': operation.permission,
    parameters: [...parametersOf(operation.params, 'path'), ...parametersOf(operation.query, 'query')],
    ...body,
    responses: { ...success(operation), ...failuresOf(operation) },
  };
}

/** Status of an operation's success. */
export const successStatus = (operation: Operation): number =>
  operation.status ?? (operation.output === undefined ? 204 : 200);

function success(operation: Operation): OpenApiJson {
  const status = String(successStatus(operation));
  if (operation.output === undefined) return { [status]: { description: 'Done.' } };
  const type = operation.contentType ?? 'application/json';
  return {
    [status]: { description: operation.summary, content: { [type]: { schema: schemaOf(operation.output, 'output') } } },
  };
}

function failuresOf(operation: Operation): OpenApiJson {
  const usual = operation.permission === 'public' ? ALWAYS_OPEN : ALWAYS;
  const codes = [...new Set([...usual, ...(operation.failures ?? [])])];
  const byStatus = Map.groupBy(codes, (code) => statusIn(operation.face, code));
  const name = FAILURE_NAMES[operation.face];
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: some.join(', '),
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
      },
    ]),
  );
}

function parametersOf(schema: Operation['params'], place: 'path' | 'query'): readonly OpenApiJson[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, OpenApiJson>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: each,
  }));
}

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): OpenApiJson {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/**
 * What an operation is asked, of path, query and body, as the members of one JSON Schema object. A member of the path or
 * the query hides one of the body with the same name.
 */
export function inputSchemaOf(operation: Operation): OpenApiJson {
  const parts = [operation.body, operation.query, operation.params].flatMap((schema) =>
    schema === undefined ? [] : [flatSchemaOf(schema)],
  );
  const isOpen = operation.body !== undefined && flatSchemaOf(operation.body).additionalProperties !== undefined;
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as OpenApiJson,
    required: parts.flatMap(({ required = [] }) => required),
    additionalProperties: isOpen,
  };
}

/** Where a format is named, its pattern would be some hundred characters that say the same. */
const flatSchemaOf = (schema: z.ZodMiniType) =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });

const FAILURE_NAMES = {
  catalogue: 'Failure',
  accounts: 'TextFailure',
  generation: 'GenerationFailure',
  kit: 'EnvelopedFailure',
} as const satisfies Readonly<Record<Face, string>>;

const VALIDATION_ERRORS = {
  type: 'array',
  items: {
    type: 'object',
    required: ['field', 'message'],
    properties: { field: { type: 'string' }, message: { type: 'string' }, value: {} },
  },
} as const;

const FAILURE_SCHEMAS = {
  catalogue: {
    type: 'object',
    required: ['error', 'timestamp', 'requestId'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { type: 'string', enum: Object.keys(FAILURES) },
          message: { type: 'string' },
          field: { type: 'string' },
          suggestions: { type: 'array', items: { type: 'string' } },
          details: { type: 'object' },
          validationErrors: VALIDATION_ERRORS,
        },
      },
      timestamp: { type: 'string', format: 'date-time' },
      requestId: { type: 'string' },
      path: { type: 'string' },
    },
  },
  accounts: {
    type: 'object',
    required: ['error'],
    properties: {
      error: { type: 'string' },
      message: { type: 'string' },
      field: { type: 'string' },
      validationErrors: VALIDATION_ERRORS,
    },
  },
  generation: {
    type: 'object',
    required: ['error', 'message', 'status_code'],
    properties: {
      error: { type: 'boolean', const: true },
      message: { type: 'string' },
      status_code: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(FAILURES) },
    },
  },
  kit: {
    type: 'object',
    required: ['success', 'error', 'request_id', 'timestamp'],
    properties: {
      success: { type: 'boolean', const: false },
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { type: 'string' }, message: { type: 'string' }, details: { type: 'object' } },
      },
      request_id: { type: 'string' },
      timestamp: { type: 'string', format: 'date-time' },
    },
  },
} as const;
