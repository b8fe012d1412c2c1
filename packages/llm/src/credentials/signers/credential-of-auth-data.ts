import { failed, invalidRequest, ok, type Failure, type Result } from '../../model/failure.ts';
import type { Credential, HeadersCredential } from '../credential.ts';
import { Secret } from '../secret.ts';
import { readServiceAccount } from '../service-account.ts';

/** What somebody wrote down of an account, by member; secrets may be wrapped or plain. */
export type AuthData = Readonly<Record<string, unknown>>;

/** Kinds of accounts that the members tell apart. */
export type AuthKind = 'api_key' | 'bearer' | 'oauth' | 'aws' | 'service_account';

/** Members that hold a key, the first that is there counts. */
const KEYS = ['api_key', 'apiKey', 'key', 'token', 'access_token'] as const;
const ACCESS_TOKENS = ['access_token', 'accessToken', 'token'] as const;

/** Which kind of account this is, told by its members alone; `undefined` where none of them says it. */
export function authKindOf(data: AuthData): AuthKind | undefined {
  const has = (...names: readonly string[]): boolean => names.some((name) => textOf(data[name]) !== '');
  if (has('secret_access_key', 'secretAccessKey', 'aws_secret_access_key')) return 'aws';
  if (has('private_key') || has('service_account', 'service_account_json')) return 'service_account';
  if (has('refresh_token', 'refreshToken')) return 'oauth';
  if (has('api_key', 'apiKey', 'key')) return 'api_key';
  if (has('access_token', 'accessToken')) return 'oauth';
  return has('token') ? 'bearer' : undefined;
}

/**
 * The credential that such members describe; `id` names the account in logs. A member that is missing, or that no
 * header can carry, is an `invalid-request` failure whose path names it and which shows nothing of its value.
 */
export function credentialOfAuthData(id: string, data: AuthData): Result<Credential> {
  const kind = authKindOf(data);
  return kind === undefined
    ? failed(invalidRequest('auth_data', `No credential is in it. Give \`api_key\`, \`access_token\` or \`token\`.`))
    : MADE[kind](id, data);
}

/** A key in the `authorization` header, for providers that say of no other way how they take keys. */
export function bearerOf(id: string, key: Secret): HeadersCredential {
  return inHeader(id, 'authorization', key);
}

const MADE: Readonly<Record<AuthKind, (id: string, data: AuthData) => Result<Credential>>> = {
  api_key: (id, data) => {
    const key = firstOf(data, KEYS);
    return key.ok ? ok({ kind: 'api-key', id, key: key.value }) : key;
  },
  bearer: (id, data) => {
    const token = firstOf(data, ACCESS_TOKENS);
    return token.ok ? headerOf(id, data, token.value) : token;
  },
  oauth: (id, data) => {
    const token = firstOf(data, ACCESS_TOKENS);
    return token.ok ? ok(bearerOf(id, token.value)) : token;
  },
  aws: awsOf,
  service_account: (id, data) => {
    const whole = textOf(data['service_account'] ?? data['service_account_json']);
    const plain = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, textOf(value)] as const));
    return readServiceAccount(id, whole === '' ? JSON.stringify({ ...plain, type: 'service_account' }) : whole);
  },
};

function headerOf(id: string, data: AuthData, token: Secret): Result<Credential> {
  const name = textOf(data['header'] ?? data['header_name']).toLowerCase();
  if (name === '') return ok(bearerOf(id, token));
  if (!/^[a-z0-9-]{1,64}$/.test(name))
    return failed(invalidRequest('auth_data.header', 'This is no name of a header.'));
  return ok(inHeader(id, name, token));
}

function inHeader(id: string, name: string, token: Secret): HeadersCredential {
  const value = name === 'authorization' ? new Secret(`Bearer ${token.reveal()}`) : token;
  return { kind: 'headers', id, headers: { [name]: value }, secrets: [token] };
}

function awsOf(id: string, data: AuthData): Result<Credential> {
  const of = (snake: string, camel: string): string => textOf(data[snake] ?? data[camel] ?? data[`aws_${snake}`]);
  const accessKeyId = of('access_key_id', 'accessKeyId');
  const region = of('region', 'aws_region');
  const sessionToken = of('session_token', 'sessionToken');
  if (accessKeyId === '') return failed(missing('access_key_id'));
  if (region === '') return failed(missing('region'));
  return ok({
    kind: 'aws',
    id,
    accessKeyId,
    secretAccessKey: new Secret(of('secret_access_key', 'secretAccessKey')),
    region,
    ...(sessionToken !== '' && { sessionToken: new Secret(sessionToken) }),
  });
}

function firstOf(data: AuthData, names: readonly string[]): Result<Secret> {
  const name = names.find((each) => textOf(data[each]) !== '');
  if (name === undefined) return failed(missing(names[0] ?? ''));
  const text = textOf(data[name]);
  if (/[^\x21-\x7e]/.test(text))
    return failed(invalidRequest(`auth_data.${name}`, `\`${name}\` has characters that no header can carry.`));
  const given = data[name];
  return ok(given instanceof Secret ? (given as Secret) : new Secret(text));
}

function textOf(value: unknown): string {
  const text = value instanceof Secret ? (value as Secret).reveal() : value;
  return typeof text === 'string' ? text : '';
}

const missing = (name: string): Failure => invalidRequest(`auth_data.${name}`, `\`${name}\` is missing. Fill it in.`);
