import type { ValidationError } from '@patchbay/contract';
import {
  AUTH_METHODS,
  type AuthConfig,
  type AuthMethod,
  type FieldDescriptor,
} from '@patchbay/contract/resources/provider';
import { Secret } from '@patchbay/llm/credentials/secret';

import type { JsonWithSecrets } from '../../storage/records.ts';

/** What a row holds in a field: a value, a secret (sealed text when it comes from the store), or only its description. */
export type HeldField = string | Secret | FieldDescriptor;

/** How a provider is signed in to, as a row holds it. */
export interface HeldAuth {
  readonly type: AuthMethod;
  readonly fields: Readonly<Record<string, HeldField>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly testEndpoint?: string;
}

/** Fields that each way to sign in cannot do without, with what they are called in sentences. */
export const REQUIRED_FIELDS: Readonly<Record<AuthMethod, readonly (readonly [name: string, label: string])[]>> = {
  api_key: [['apiKey', 'API key']],
  oauth2: [
    ['clientId', 'Client ID'],
    ['clientSecret', 'Client secret'],
    ['tokenUrl', 'Token URL'],
  ],
  aws_iam: [
    ['accessKeyId', 'Access key ID'],
    ['secretAccessKey', 'Secret access key'],
    ['region', 'Region'],
  ],
  custom: [],
};

/** Fields that may be shown. Every other one is taken for a secret, because who may be wrong had better be silent. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  'organizationId',
  'organization',
  'projectId',
  'project',
  'baseUrl',
  'endpoint',
  'region',
  'location',
  'tokenUrl',
  'clientId',
  'scope',
  'audience',
  'resource',
  'resourceName',
  'deployment',
  'apiVersion',
  'tenantId',
  'accountId',
  'username',
]);

/** True when what stands in this field must not be seen. A description can make a field secret, not the other way. */
export const isSecretField = (name: string, descriptor?: FieldDescriptor): boolean =>
  descriptor?.sensitive === true || !PLAIN_FIELDS.has(name);

/** True for the description of a field, which stands where a value is missing. */
export const isDescriptor = (field: HeldField): field is FieldDescriptor =>
  typeof field === 'object' && !(field instanceof Secret);

/** Reads what a row holds; whatever was written there by hand and has no meaning is left out. */
export function readHeldAuth(held: JsonWithSecrets, method: string): HeldAuth {
  const { fields, headers, testEndpoint } = membersOf(held);
  return {
    type: AUTH_METHODS.find((each) => each === method) ?? 'custom',
    fields: Object.fromEntries(
      Object.entries(membersOf(fields)).flatMap(([name, field]) => (isHeldField(field) ? [[name, field]] : [])),
    ),
    ...(headers !== undefined && { headers: textsOf(headers) }),
    ...(typeof testEndpoint === 'string' && { testEndpoint }),
  };
}

/** The same as JSON for a row. */
export const writeHeldAuth = ({ type, fields, headers, testEndpoint }: HeldAuth): JsonWithSecrets => ({
  type,
  fields: fields as Readonly<Record<string, JsonWithSecrets>>,
  headers,
  testEndpoint,
});

const isHeldField = (field: JsonWithSecrets | undefined): field is HeldField & JsonWithSecrets =>
  typeof field === 'string' || (typeof field === 'object' && field !== null && !Array.isArray(field));

const textsOf = (value: JsonWithSecrets): Record<string, string> =>
  Object.fromEntries(
    Object.entries(membersOf(value)).flatMap(([name, each]) => (typeof each === 'string' ? [[name, each]] : [])),
  );

function membersOf(value: JsonWithSecrets | undefined): Readonly<Record<string, JsonWithSecrets | undefined>> {
  if (typeof value !== 'object' || value === null || value instanceof Secret || Array.isArray(value)) return {};
  return value as Readonly<Record<string, JsonWithSecrets | undefined>>;
}

/** What merging found: what to write, or everything that is wrong. */
export type MergedAuth =
  | { readonly ok: true; readonly auth: HeldAuth }
  | { readonly ok: false; readonly errors: readonly ValidationError[] };

/** What is there already: as the row holds it, and as it is shown. */
export interface KnownAuth {
  readonly held: HeldAuth;
  readonly shown: AuthConfig;
}

/**
 * What a row shall hold after `sent`. Fields that were not sent stay, as do secrets whose mask or description was sent; an
 * empty text removes a field. Values of secret fields become `Secret`s. Headers are taken whole where they are sent.
 */
export function mergeAuth(sent: AuthConfig, known?: KnownAuth): MergedAuth {
  const former = known?.held.type === sent.type ? known.held : undefined;
  const errors: ValidationError[] = [];
  const fields: Record<string, HeldField> = { ...former?.fields };
  for (const [name, value] of Object.entries(sent.fields)) {
    const field = mergeField(name, value, known);
    if (field === undefined) delete fields[name];
    else if (typeof field === 'object' && 'problem' in field)
      errors.push({ field: `authConfig.fields.${name}`, message: field.problem });
    else fields[name] = field.held;
  }
  if (errors.length > 0) return { ok: false, errors };
  const headers = sent.headers ?? former?.headers;
  const testEndpoint = sent.testEndpoint ?? former?.testEndpoint;
  return {
    ok: true,
    auth: { type: sent.type, fields, ...(headers && { headers }), ...(testEndpoint !== undefined && { testEndpoint }) },
  };
}

const MASK = /^\*{4,}.{0,4}$/;
const SEALED = /^enc:v\d+:/;

function mergeField(
  name: string,
  sent: string | FieldDescriptor,
  known: KnownAuth | undefined,
): { readonly held: HeldField } | { readonly problem: string } | undefined {
  const held = known?.held.fields[name];
  const described = held !== undefined && isDescriptor(held) ? held : undefined;
  if (typeof sent !== 'string') return { held: held ?? sent };
  if (sent === '') return undefined;
  if (held !== undefined && sent === known?.shown.fields[name]) return { held };
  if (MASK.test(sent))
    return { problem: 'This is a mask, not a value. Send the value, or leave the field out to keep what is there.' };
  if (SEALED.test(sent)) return { problem: 'This is a sealed text, not a value. Send the value itself.' };
  const problem = described && descriptorProblem(sent, described);
  if (problem !== undefined) return { problem };
  return { held: isSecretField(name, described) ? new Secret(sent) : sent };
}

/** A value that is longer is not matched against a pattern: patterns are the template's, and some take long. */
const MATCHED_LENGTH_MAX = 2048;

/** Why a value is not what a description asks for, or `undefined`. */
export function descriptorProblem(value: string, { validation = {} }: FieldDescriptor): string | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, options, pattern } = validation;
  if (value.length < minLength) return `Must be at least ${minLength} characters long.`;
  if (value.length > maxLength) return `Must be at most ${maxLength} characters long.`;
  if (options !== undefined && !options.includes(value)) return `Must be one of ${options.join(', ')}.`;
  if (pattern === undefined || value.length > MATCHED_LENGTH_MAX) return undefined;
  return patternOf(pattern)?.test(value) === false ? `Must match the pattern ${pattern}.` : undefined;
}

/** The pattern, or `undefined` when it is none. */
export function patternOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}
