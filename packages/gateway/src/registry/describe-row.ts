import type { AuthScheme, Credential } from '@patchbay/llm/credentials/credential';
import { Secret } from '@patchbay/llm/credentials/secret';
import {
  credentialOfFields,
  type BuyTokens,
  type Fields,
  type FieldsPlan,
} from '@patchbay/llm/credentials/signers/credential-of-fields';
import { failed, invalidRequest, ok, type Result } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { deployedRecord } from '@patchbay/llm/providers/deployed-record';

import type { JsonWithSecrets, ProviderRecord as ProviderRow } from '../storage/records.ts';

/** A row as something that can be called. */
export interface Described {
  readonly record: ProviderRecord;
  /** Absent while nobody has filled its fields in. */
  readonly credential: Credential | undefined;
}

/** A row whose secrets have been opened. */
export type OpenRow = Pick<
  ProviderRow,
  'id' | 'identifier' | 'name' | 'apiEndpoint' | 'authMethod' | 'capabilities'
> & {
  readonly authConfig: JsonWithSecrets;
  /** Where the operator says that the provider is, whatever the row says. Default: at its endpoint. */
  readonly address?: string;
};

type Method = FieldsPlan['method'];
type Members = Readonly<Record<string, JsonWithSecrets | undefined>>;

const METHODS: readonly Method[] = ['api_key', 'oauth2', 'aws_iam', 'custom'];

/**
 * Reads a row as a provider record: the record whose host or headers it shares tells which formats are spoken there and
 * how; a server that nobody knows is taken for an OpenAI-compatible one. `capabilities.wireFormat` overrules that. `buy`
 * gets the tokens of rows that sign in as clients.
 */
export function describeRow(row: OpenRow, records: readonly ProviderRecord[], buy?: BuyTokens): Result<Described> {
  const method = METHODS.find((each) => each === row.authMethod);
  if (method === undefined) return failed(invalidRequest('authMethod', `\`${row.authMethod}\` is no way to sign in.`));
  const config = membersOf(row.authConfig);
  const fields = fieldsOf(membersOf(config['fields']));
  const kin = kinOf(row, textsOf(membersOf(config['headers'])), records);
  if (kin === undefined) return failed(invalidRequest('capabilities.wireFormat', 'No provider speaks this format.'));
  const headers = headersOf(config, kin, method);
  const record = recordOf(row, kin, method, fields);
  // Whose fields are empty need not have a whole address yet: `{region}` is one of them.
  if (!isFilled(method, fields)) return ok({ record: record.ok ? record.value : kin, credential: undefined });
  if (!record.ok) return record;
  const credential = credentialOfFields({ id: row.id, method, fields, headers, ...(buy && { buy }) });
  return credential.ok ? ok({ record: record.value, credential: credential.value }) : credential;
}

/** The known record that this row is a deployment of. */
function kinOf(
  { apiEndpoint, authMethod, capabilities }: OpenRow,
  headers: Readonly<Record<string, string>>,
  records: readonly ProviderRecord[],
): ProviderRecord | undefined {
  const wanted = capabilities['wireFormat'];
  const spoken = (format: unknown): ProviderRecord | undefined =>
    records.find(({ speaks }) => speaks[0]?.format === format && speaks[0]?.dialect === undefined) ??
    records.find(({ speaks }) => speaks.some((each) => each.format === format));
  if (typeof wanted === 'string') return spoken(wanted);
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return (
    records.find(({ id, baseUrl }) => id !== 'simulator' && sharesHost(baseUrl, apiEndpoint)) ??
    (authMethod === 'aws_iam' ? records.find(({ id }) => id === 'bedrock') : undefined) ??
    (names.includes('anthropic-version') ? spoken('anthropic-messages') : undefined) ??
    (names.includes('x-goog-api-key') ? spoken('gemini') : undefined) ??
    records.find(({ id }) => id === 'openai-compatible')
  );
}

/** True when both lead to one host; braces in a record's host stand for one name of any kind. */
function sharesHost(baseUrl: string, endpoint: string): boolean {
  const known = hostOf(baseUrl);
  const asked = hostOf(endpoint);
  if (known === '' || asked === '') return false;
  const pattern = known.split(/\{\w+\}/).map((each) => each.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('(?:[a-z0-9-]+|\\{\\w+\\})')}$`, 'i').test(asked);
}

const hostOf = (address: string): string => /^https?:\/\/([^/?#]+)/i.exec(address)?.[1]?.toLowerCase() ?? '';

function recordOf(row: OpenRow, kin: ProviderRecord, method: Method, fields: Fields): Result<ProviderRecord> {
  const { modelPrefixes: _, variants: __, ...rest } = kin;
  const values = new Map(Object.entries(kin.variables ?? {}).map(([name, { env }]) => [env, plainOf(fields[name])]));
  const address = (row.address ?? row.apiEndpoint)
    .replace(/\/+$/, '')
    .replace(/\{(\w+)\}/g, (whole, name: string) => plainOf(fields[name]) ?? whole);
  const open = /\{(\w+)\}/.exec(address)?.[1];
  if (open !== undefined)
    return failed(invalidRequest('apiEndpoint', `\`{${open}}\` in the address stands for nothing yet. Fill it in.`));
  return deployedRecord(
    {
      ...rest,
      id: row.identifier,
      name: row.name,
      auth: [schemeOf(kin, method)],
      // Headers of the row stand in their place; what a record always sends is sent here too.
      headers: { ...kin.headers },
    },
    (env) => values.get(env),
    address,
  );
}

function schemeOf(kin: ProviderRecord, method: Method): AuthScheme {
  if (method !== 'aws_iam') return { kind: 'headers' };
  return kin.auth.find(({ kind }) => kind === 'sigv4') ?? { kind: 'none' };
}

/** The row's own headers, or where it names none, the one that the known record presents a key in. */
function headersOf(config: Members, kin: ProviderRecord, method: Method): Readonly<Record<string, string>> {
  const own = withoutEmpty(textsOf(membersOf(config['headers'])), membersOf(config['fields']));
  if (method === 'aws_iam' || Object.values(own).some((value) => value.includes('{{'))) return own;
  const scheme = kin.auth.find(({ kind }) => kind === 'bearer' || kind === 'header');
  const name = scheme?.kind === 'header' ? scheme.header : 'authorization';
  if (method === 'oauth2') return { ...own, authorization: 'Bearer {{accessToken}}' };
  return { ...own, [name]: name === 'authorization' ? 'Bearer {{apiKey}}' : '{{apiKey}}' };
}

/** Headers but those for which a field is described that nobody has to fill in, and nobody has. */
const withoutEmpty = (headers: Readonly<Record<string, string>>, fields: Members): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).filter(([, value]) =>
      [...value.matchAll(/\{\{(\w+)\}\}/g)].every(([, name = '']) => membersOf(fields[name])['required'] !== false),
    ),
  );

/** Which fields tell that somebody has filled a row in. */
const ASKED: Readonly<Record<Method, string | undefined>> = {
  api_key: 'apiKey',
  oauth2: 'clientSecret',
  aws_iam: 'secretAccessKey',
  custom: undefined,
};

function isFilled(method: Method, fields: Fields): boolean {
  const asked = ASKED[method];
  return asked === undefined ? Object.keys(fields).length > 0 : fields[asked] !== undefined;
}

/** Values of fields; a description of a field is no value. */
const fieldsOf = (members: Members): Fields =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      (typeof value === 'string' && value !== '') || value instanceof Secret ? [[name, value] as const] : [],
    ),
  );

const textsOf = (members: Members): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

function membersOf(value: JsonWithSecrets | undefined): Members {
  if (typeof value !== 'object' || value === null || value instanceof Secret || Array.isArray(value)) return {};
  return value as Members;
}

/** What may stand in an address without changing where it leads. */
const plainOf = (value: string | Secret | undefined): string | undefined =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value) ? value : undefined;
