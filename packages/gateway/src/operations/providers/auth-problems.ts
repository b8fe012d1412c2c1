import type { ValidationError } from '@patchbay/contract';
import type { AuthMethod } from '@patchbay/contract/resources/provider';
import { redactText } from '@patchbay/llm/transport/redact-text';

import { isDescriptor, isSecretField, patternOf, REQUIRED_FIELDS, type HeldAuth } from './auth-config.ts';

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
/** Names of headers whose values are credentials. */
const CREDENTIAL_HEADER = /authorization|cookie|key|token|secret|password/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Everything that keeps a way to sign in from being complete and consistent. */
export function authProblems(method: AuthMethod, auth: HeldAuth): readonly ValidationError[] {
  const typed: readonly ValidationError[] =
    auth.type === method
      ? []
      : [{ field: 'authConfig.type', message: `Must equal authMethod, which is ${method}.`, value: auth.type }];
  return [...typed, ...missingFields(auth), ...fieldProblems(auth), ...headerProblems(auth), ...testProblems(auth)];
}

function missingFields({ type, fields }: HeldAuth): readonly ValidationError[] {
  const missing = REQUIRED_FIELDS[type]
    .filter(([name]) => fields[name] === undefined)
    .map(([name, label]) => ({
      field: `authConfig.fields.${name}`,
      message: `${label} is required for ${type} authentication`,
      value: null,
    }));
  if (type !== 'custom' || Object.keys(fields).length > 0) return missing;
  return [{ field: 'authConfig.fields', message: 'At least one field is required for custom authentication' }];
}

function fieldProblems({ fields }: HeldAuth): readonly ValidationError[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const at = `authConfig.fields.${name}`;
    if (!/^\w{1,100}$/.test(name))
      return [{ field: at, message: 'A field has a name of letters, digits and underscores.' }];
    if (typeof field === 'string') return urlProblems(name, field, at);
    if (!isDescriptor(field)) return [];
    if (field.default !== undefined && isSecretField(name, field))
      return [
        { field: `${at}.default`, message: 'A secret has no default: everybody who may read this would see it.' },
      ];
    const pattern = field.validation?.pattern;
    return pattern === undefined || patternOf(pattern) !== undefined
      ? []
      : [{ field: `${at}.validation.pattern`, message: 'Must be a regular expression.' }];
  });
}

function urlProblems(name: string, value: string, at: string): readonly ValidationError[] {
  if (name !== 'tokenUrl' && name !== 'baseUrl') return [];
  return /^https?:\/\//i.test(value) && URL.canParse(value)
    ? []
    : [{ field: at, message: 'Must be a valid URL with http:// or https://.', value }];
}

function headerProblems({ fields, headers = {} }: HeldAuth): readonly ValidationError[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const message = headerProblem(name, value, fields);
    return message === undefined ? [] : [{ field: `authConfig.headers.${name}`, message }];
  });
}

function headerProblem(name: string, value: string, fields: HeldAuth['fields']): string | undefined {
  if (!HEADER_NAME.test(name)) return 'This is no name of a header.';
  if (/[\r\n\0]/.test(value)) return 'A header is one line.';
  const named = headerFields(value);
  const unknown = named.find((each) => !Object.hasOwn(fields, each));
  if (unknown !== undefined)
    return `{{${unknown}}} names no field. Fields are: ${Object.keys(fields).join(', ') || 'none'}.`;
  const isCredential = named.length === 0 && CREDENTIAL_HEADER.test(name);
  if (isCredential || redactText(value.replace(PLACEHOLDER, '')) !== value.replace(PLACEHOLDER, ''))
    return 'A header holds no secret itself. Put it into authConfig.fields and name the field here, as in {{apiKey}}.';
  return undefined;
}

/** Names of the fields that stand in a header's value. */
export const headerFields = (value: string): readonly string[] =>
  [...value.matchAll(PLACEHOLDER)].map(([, name = '']) => name);

function testProblems({ testEndpoint }: HeldAuth): readonly ValidationError[] {
  if (testEndpoint === undefined || /^\/(?!\/)/.test(testEndpoint)) return [];
  if (/^https?:\/\//i.test(testEndpoint) && URL.canParse(testEndpoint)) return [];
  return [{ field: 'authConfig.testEndpoint', message: 'Must be a valid URL, or a path that begins with a slash.' }];
}
