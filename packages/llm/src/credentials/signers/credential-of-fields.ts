import { failed, invalidRequest, ok, type Result } from '../../model/failure.ts';
import type { Credential } from '../credential.ts';
import type { TokenSource } from '../oauth/tokens.ts';
import { Secret } from '../secret.ts';

/** What an administrator typed in for an account, by field. */
export type Fields = Readonly<Record<string, string | Secret>>;

/** A client that buys tokens for itself. */
export interface TokenBuyer {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly tokenUrl: string;
  readonly scope?: string;
}

/** Buys tokens for a client, and holds them as long as they last. */
export type BuyTokens = (buyer: TokenBuyer) => TokenSource;

/** How a described provider is signed in to. */
export interface FieldsPlan {
  /** Names the account in logs. */
  readonly id: string;
  readonly method: 'api_key' | 'oauth2' | 'aws_iam' | 'custom';
  readonly fields: Fields;
  /** Headers with `{{field}}` where a field belongs. */
  readonly headers: Readonly<Record<string, string>>;
  /** Gets the `{{accessToken}}` of `oauth2`, where nobody filled one in. */
  readonly buy?: BuyTokens;
}

const TOKEN = 'accessToken';
const PLACEHOLDER = /\{\{\s*([\w-]+)\s*\}\}/g;

/**
 * The account that such fields describe: keys of Amazon's for `aws_iam`, ready-made headers for the rest. A field that
 * is missing is an `invalid-request` failure whose path names it.
 */
export function credentialOfFields(plan: FieldsPlan): Result<Credential> {
  if (plan.method === 'aws_iam') return awsAccount(plan);
  const { buy, fields } = plan;
  const isBought = plan.method === 'oauth2' && buy !== undefined && textOf(fields[TOKEN]) === '';
  return isBought ? tokenAccount(plan, buy) : headersAccount(plan);
}

function tokenAccount(plan: FieldsPlan, buy: BuyTokens): Result<Credential> {
  const { clientId, clientSecret, tokenUrl, scope } = plan.fields;
  for (const [name, value] of Object.entries({ clientId, clientSecret, tokenUrl }))
    if (textOf(value) === '') return failed(missing(name));
  // The token takes its place with each request: until then, its place stays.
  const made = headersAccount({ ...plan, fields: { ...plan.fields, [TOKEN]: `{{${TOKEN}}}` } });
  if (!made.ok || made.value.kind !== 'headers') return made;
  const { id, headers, secrets } = made.value;
  const buyer = { clientId: textOf(clientId), clientSecret: secretOf(clientSecret), tokenUrl: textOf(tokenUrl) };
  const tokens = buy({ ...buyer, ...(textOf(scope) !== '' && { scope: textOf(scope) }) });
  return ok({ kind: 'oauth', id, tokens, headers, secrets });
}

function awsAccount({ id, fields }: FieldsPlan): Result<Credential> {
  const { accessKeyId, secretAccessKey, region, sessionToken } = fields;
  for (const [name, value] of Object.entries({ accessKeyId, secretAccessKey, region })) {
    if (value === undefined || textOf(value) === '') return failed(missing(name));
  }
  return ok({
    kind: 'aws',
    id,
    accessKeyId: textOf(accessKeyId),
    secretAccessKey: secretOf(secretAccessKey),
    region: textOf(region),
    ...(sessionToken === undefined || textOf(sessionToken) === '' ? {} : { sessionToken: secretOf(sessionToken) }),
  });
}

function headersAccount({ id, fields, headers }: FieldsPlan): Result<Credential> {
  const made: Record<string, Secret> = {};
  for (const [name, template] of Object.entries(headers)) {
    const names = [...template.matchAll(PLACEHOLDER)].map(([, field = '']) => field);
    const absent = names.find((field) => fields[field] === undefined || textOf(fields[field]) === '');
    if (absent !== undefined) return failed(missing(absent));
    made[name.toLowerCase()] = new Secret(template.replace(PLACEHOLDER, (_, field: string) => textOf(fields[field])));
  }
  const secrets = Object.values(fields).filter((each) => each instanceof Secret);
  return ok({ kind: 'headers', id, headers: made, secrets });
}

const textOf = (value: string | Secret | undefined): string =>
  value instanceof Secret ? value.reveal() : (value ?? '');

const secretOf = (value: string | Secret | undefined): Secret =>
  value instanceof Secret ? value : new Secret(value ?? '');

const missing = (field: string) =>
  invalidRequest(
    `authConfig.fields.${field}`,
    `The field \`${field}\` is empty. Fill it in, or take it out of the headers.`,
  );
