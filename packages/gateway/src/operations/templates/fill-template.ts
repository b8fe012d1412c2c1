import type { OperationFailure, ValidationError } from '@patchbay/contract';
import type { AuthConfig, CreateProvider, FieldDescriptor } from '@patchbay/contract/resources/provider';
import type { DefaultModel, ProviderConfig, Template } from '@patchbay/contract/resources/template';

import type { Asked } from '@patchbay/contract';
import type { Operations } from '@patchbay/contract';
import { descriptorProblem, isSecretField, REQUIRED_FIELDS } from '../providers/auth-config.ts';
import { headerFields } from '../providers/auth-problems.ts';
import { invalid } from '../providers/check-provider.ts';
import { fillEndpoint } from '../providers/endpoint.ts';

/** What somebody fills into a template. */
export type Filling = Asked<Operations['templates.apply']>['body'];

/** What a template makes: a provider to be checked like any other, its models, and which fields nobody has filled in. */
export interface FilledTemplate {
  readonly provider: CreateProvider;
  readonly models: readonly DefaultModel[];
  readonly missing: readonly string[];
}

/** Contexts of providers whose template says nothing of them, in tokens: the longest of its models. */
const longestOf = (models: readonly DefaultModel[]): number =>
  Math.max(1, ...models.map(({ contextLength }) => contextLength));

/** Fills a template. Both forms are understood: fields beside the other customizations, and fields within `authConfig`. */
export function fillTemplate(
  template: Template,
  { identifier, name, customizations }: Filling,
): { readonly ok: true; readonly filled: FilledTemplate } | { readonly ok: false; readonly failure: OperationFailure } {
  const { providerConfig } = template;
  const { values, endpoint, errors } = readValues(providerConfig.authConfig, customizations);
  const models = selectModels(template.defaultModels, customizations.selectedModels, errors);
  const fields = fillFields(providerConfig.authConfig, values, errors);
  if (errors.length > 0) return { ok: false, failure: invalid(errors) };
  const description = customizations.description ?? template.description ?? providerConfig.description;
  const provider: CreateProvider = {
    identifier: identifier ?? customizations.providerIdentifier ?? '',
    name: name ?? customizations.name ?? providerConfig.name,
    ...(description !== undefined && { description }),
    apiEndpoint: endpoint ?? fillEndpoint(providerConfig.apiEndpoint, plainOf(fields)),
    authMethod: providerConfig.authMethod,
    authConfig: { ...providerConfig.authConfig, fields, ...headersFor(providerConfig.authConfig, fields) },
    capabilities: capabilitiesOf(providerConfig, template.defaultModels),
  };
  return { ok: true, filled: { provider, models, missing: missingOf(providerConfig, fields) } };
}

interface GivenValues {
  readonly values: ReadonlyMap<string, string>;
  readonly endpoint: string | undefined;
  readonly errors: ValidationError[];
}

function readValues({ fields }: AuthConfig, customizations: Filling['customizations']): GivenValues {
  const { name: _, description: __, providerIdentifier: ___, selectedModels: ____, ...rest } = customizations;
  const { endpoint, authConfig = {}, ...beside } = rest;
  const within = (authConfig['fields'] ?? authConfig) as Readonly<Record<string, unknown>>;
  // One word for two things: the whole address, or the name that one cloud has in its addresses.
  const isName = endpoint !== undefined && Object.hasOwn(fields, 'endpoint') && !/^https?:/i.test(endpoint);
  const given = { ...within, ...beside, ...(isName && { endpoint }) };
  const errors: ValidationError[] = [];
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    if (name === 'type' || name === 'headers') continue;
    if (typeof value === 'string') values.set(name, value);
    else if (typeof value !== 'object') errors.push({ field: `customizations.${name}`, message: 'Must be a text.' });
  }
  return { values, endpoint: isName ? undefined : endpoint, errors };
}

function fillFields(
  { fields }: AuthConfig,
  values: ReadonlyMap<string, string>,
  errors: ValidationError[],
): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const name of new Set([...Object.keys(fields), ...values.keys()])) {
    const field = fields[name] ?? {};
    const value = values.get(name) ?? (typeof field === 'string' ? field : field.default);
    if (value === undefined || value === '') continue;
    const problem = typeof field === 'string' ? undefined : descriptorProblem(value, field);
    if (problem !== undefined) errors.push({ field: `authConfig.fields.${name}`, message: problem });
    filled[name] = value;
  }
  return filled;
}

/** Headers of optional fields that were left empty are left out. */
function headersFor({ headers }: AuthConfig, fields: Readonly<Record<string, string>>): Pick<AuthConfig, 'headers'> {
  if (headers === undefined) return {};
  const isFilled = (value: string): boolean => headerFields(value).every((name) => Object.hasOwn(fields, name));
  return { headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => isFilled(value))) };
}

const plainOf = (fields: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(fields).filter(([name]) => !isSecretField(name)));

function missingOf({ authMethod, authConfig }: ProviderConfig, fields: Readonly<Record<string, string>>): string[] {
  const described = Object.entries(authConfig.fields).flatMap(([name, field]) =>
    typeof field !== 'string' && (field as FieldDescriptor).required === true ? [name] : [],
  );
  const needed = new Set([...REQUIRED_FIELDS[authMethod].map(([name]) => name), ...described]);
  return [...needed].filter((name) => !Object.hasOwn(fields, name));
}

function selectModels(
  models: readonly DefaultModel[],
  selected: readonly string[] | undefined,
  errors: ValidationError[],
): readonly DefaultModel[] {
  if (selected === undefined) return models;
  for (const unknown of selected.filter((each) => !models.some(({ identifier }) => identifier === each)))
    errors.push({ field: 'customizations.selectedModels', message: `The template has no model \`${unknown}\`.` });
  return models.filter(({ identifier }) => selected.includes(identifier));
}

const capabilitiesOf = ({ capabilities }: ProviderConfig, models: readonly DefaultModel[]) =>
  capabilities ?? {
    supportsSystemMessages: true,
    maxContextLength: longestOf(models),
    supportedRoles: ['system', 'user', 'assistant'],
    supportsStreaming: true,
    supportsTools: true,
  };
