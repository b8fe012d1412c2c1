import { readInput, type ValidationError } from '@patchbay/contract';
import { CreateModel } from '@patchbay/contract/resources/model';
import { CreateProvider } from '@patchbay/contract/resources/provider';
import { ImportOptions } from '@patchbay/contract/resources/transfer';
import type { CreateTemplate } from '@patchbay/contract/resources/template';

import { endpointProblem } from '../providers/endpoint.ts';
import { identifierProblem } from '../providers/identifier.ts';
import { readTemplates } from '../templates/import.ts';
import { readDocument, type DocumentFormat } from './document-text.ts';
import { inTurns } from './in-turns.ts';
import { readRecipe, type KeyRecipe } from './passphrase.ts';

/** A model of a document, with the identifier of its provider. */
export interface DocumentModel {
  readonly provider: string;
  readonly model: CreateModel;
  /** Members that the document names; others got their defaults. */
  readonly named: ReadonlySet<string>;
}

/** What a document holds, checked one by one. */
export interface ImportDocument {
  readonly providers: readonly CreateProvider[];
  readonly models: readonly DocumentModel[];
  readonly templates: readonly CreateTemplate[];
  /** How its secrets are sealed; absent when it holds none. */
  readonly sealing: KeyRecipe | undefined;
  /** Everything that is wrong, with its place: `data.providers.3.apiEndpoint`. */
  readonly errors: readonly ValidationError[];
}

/** A document, or why it is none. */
export type ReadImport =
  | { readonly ok: true; readonly document: ImportDocument; readonly options: ImportOptions }
  | { readonly ok: false; readonly message: string };

type Members = Readonly<Record<string, unknown>>;

/** Reads an export as it came, its `data` alone, or its text within `data`. */
export async function readImport(body: Members): Promise<ReadImport> {
  const options = readInput(ImportOptions, body['options'] ?? {});
  if (!options.ok)
    return malformed(options.errors.map(({ field, message }) => `options.${field}: ${message}`).join(' '));
  const whole = await untied(body, options.value.format ?? 'json');
  if (!whole.ok) return whole;
  const { data, metadata } = whole;
  const lists = ['providers', 'models', 'templates'].map((name) => [name, data[name] ?? []] as const);
  const wrong = lists.find(([, list]) => !Array.isArray(list));
  if (wrong !== undefined) return malformed(`data.${wrong[0]} must be a list.`);
  if (!lists.some(([name]) => Object.hasOwn(data, name)))
    return malformed('data holds none of providers, models and templates. Send an export as it came.');
  const [providers, models, templates] = lists.map(([, list]) => list as readonly unknown[]);
  return { ok: true, options: options.value, document: await documentOf({ providers, models, templates, metadata }) };
}

const malformed = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message });

/** The parts of an export, taken out of a text where they are in one. */
async function untied(
  body: Members,
  format: DocumentFormat,
): Promise<{ readonly ok: true; readonly data: Members; readonly metadata: Members } | { ok: false; message: string }> {
  const { data, metadata } = body;
  if (typeof data === 'string') {
    const read = await readDocument(format, data);
    if (!read.ok) return malformed(read.message);
    if (!isMembers(read.value)) return malformed('The document is no object. Send an export as it came.');
    const inner = read.value;
    return isMembers(inner['data'])
      ? { ok: true, data: inner['data'], metadata: isMembers(inner['metadata']) ? inner['metadata'] : {} }
      : { ok: true, data: inner, metadata: isMembers(metadata) ? metadata : {} };
  }
  if (!isMembers(data)) return malformed('There is no `data`. Send an export as it came.');
  return { ok: true, data, metadata: isMembers(metadata) ? metadata : {} };
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Lists {
  readonly providers?: readonly unknown[] | undefined;
  readonly models?: readonly unknown[] | undefined;
  readonly templates?: readonly unknown[] | undefined;
  readonly metadata: Members;
}

async function documentOf({ providers = [], models = [], templates = [], metadata }: Lists): Promise<ImportDocument> {
  const errors: ValidationError[] = [];
  const good = (
    await inTurns(providers, (each, index) => readProvider(each, `data.providers.${index}`, errors))
  ).flat();
  const identifiers = new Map(
    providers.flatMap((each) => (isMembers(each) ? [[each['id'], String(each['identifier'])] as const] : [])),
  );
  const readModels = (
    await inTurns(models, (each, index) => readModel(each, `data.models.${index}`, identifiers, errors))
  ).flat();
  const read = readTemplates(templates, 'data.templates');
  if (!read.ok) errors.push(...read.errors);
  errors.push(
    ...repetitions(
      good.map(({ identifier }) => identifier),
      'data.providers',
    ),
  );
  errors.push(
    ...repetitions(
      readModels.map(({ provider, model }) => `${provider}/${model.identifier}`),
      'data.models',
    ),
  );
  const defaults = readModels.flatMap(({ provider, model }) => (model.isDefault ? [`default of ${provider}`] : []));
  errors.push(...repetitions(defaults, 'data.models'));
  return {
    providers: good,
    models: readModels,
    templates: read.ok ? read.templates : [],
    sealing: readRecipe(metadata['sealing']),
    errors,
  };
}

function readProvider(value: unknown, at: string, errors: ValidationError[]): readonly CreateProvider[] {
  const read = readInput(CreateProvider, value);
  const wrong = read.ok ? providerErrors(read.value) : read.errors;
  errors.push(...wrong.map(({ field, message }) => ({ field: `${at}.${field}`, message })));
  return read.ok && wrong.length === 0 ? [read.value] : [];
}

function providerErrors({ identifier, apiEndpoint, authConfig }: CreateProvider): readonly ValidationError[] {
  const endpoint = endpointProblem(apiEndpoint, Object.keys(authConfig.fields));
  const name = identifierProblem(identifier)?.message;
  return [
    ...(name === undefined ? [] : [{ field: 'identifier', message: name }]),
    ...(endpoint === undefined ? [] : [{ field: 'apiEndpoint', message: endpoint }]),
  ];
}

function readModel(
  value: unknown,
  at: string,
  identifiers: ReadonlyMap<unknown, string>,
  errors: ValidationError[],
): readonly DocumentModel[] {
  const members = isMembers(value) ? value : {};
  const provider = members['providerIdentifier'] ?? identifiers.get(members['providerId']) ?? members['providerId'];
  const read = readInput(CreateModel, value);
  if (!read.ok) errors.push(...read.errors.map(({ field, message }) => ({ field: `${at}.${field}`, message })));
  if (typeof provider !== 'string')
    errors.push({ field: `${at}.providerIdentifier`, message: 'Must be the identifier of its provider.' });
  return read.ok && typeof provider === 'string'
    ? [{ provider, model: read.value, named: new Set(Object.keys(members)) }]
    : [];
}

function repetitions(names: readonly string[], at: string): readonly ValidationError[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ field: at, message: `\`${name}\` is there twice.` }];
  });
}
