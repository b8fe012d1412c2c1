import type { OAuthDefinition, OAuthEndpoints } from '@patchbay/llm/credentials/oauth/definition';
import { OAUTH_DEFINITIONS } from '@patchbay/llm/credentials/oauth/definitions/registry';
import { Secret } from '@patchbay/llm/credentials/secret';

import type { Gathered } from './gather.ts';
import { baseUrl, secretText, type Reader } from './readers.ts';

/** What the operator said about signing in to the accounts of one provider. */
export interface OAuthSetting {
  readonly definition: OAuthDefinition;
  readonly clientId?: string;
  readonly clientSecret?: Secret;
  /** Issuer whose discovery document says where everything is. */
  readonly issuer?: string;
  /** Those of the definition, each replaced where the operator named another. */
  readonly endpoints?: OAuthEndpoints;
  /** The provider that the accounts belong to; empty until somebody says. */
  readonly providerId: string;
  readonly scopes: readonly string[];
  /** Variables without which nobody can sign in, and which are not set. */
  readonly missing: readonly string[];
}

const ENDPOINTS = {
  AUTHORIZE_URL: 'authorizeUrl',
  TOKEN_URL: 'tokenUrl',
  DEVICE_URL: 'deviceUrl',
  REVOKE_URL: 'revokeUrl',
} as const satisfies Readonly<Record<string, keyof OAuthEndpoints>>;

type Endpoint = keyof typeof ENDPOINTS;

const nameOf = ({ envPrefix }: OAuthDefinition, part: string): string => `${envPrefix}_OAUTH_${part}`;

/** Names of every variable that configures how accounts of a provider are signed in to. */
export function oauthVariables(definition: OAuthDefinition): readonly string[] {
  const { client, endpoints, flows } = definition;
  const parts = [
    ...(client === 'none' ? [] : ['CLIENT_ID', 'CLIENT_SECRET']),
    ...(endpoints === undefined ? ['ISSUER', 'PROVIDER'] : endpointParts(endpoints)),
    ...(client === 'none' ? [] : ['SCOPES']),
  ];
  return flows.length === 0 ? [] : parts.map((part) => nameOf(definition, part));
}

const endpointParts = (endpoints: OAuthEndpoints): readonly Endpoint[] =>
  (Object.keys(ENDPOINTS) as Endpoint[]).filter((part) => endpoints[ENDPOINTS[part]] !== undefined);

/** What the example file shows for a variable: what holds when it is absent. */
export function oauthDefault(definition: OAuthDefinition, name: string): string {
  if (name === nameOf(definition, 'SCOPES')) return definition.scopes.join(' ');
  const part = endpointParts(definition.endpoints ?? { tokenUrl: '' }).find(
    (each) => name === nameOf(definition, each),
  );
  return part === undefined ? '' : (definition.endpoints?.[ENDPOINTS[part]] ?? '');
}

function neededBy(definition: OAuthDefinition): readonly string[] {
  const { client, endpoints } = definition;
  const parts = [
    ...(client === 'none' ? [] : ['CLIENT_ID']),
    ...(client === 'secret' ? ['CLIENT_SECRET'] : []),
    ...(endpoints === undefined ? ['ISSUER', 'PROVIDER'] : []),
  ];
  return parts.map((part) => nameOf(definition, part));
}

function missingOf({ definition, ...setting }: Omit<OAuthSetting, 'missing'>): readonly string[] {
  const given: Readonly<Record<string, unknown>> = {
    [nameOf(definition, 'CLIENT_ID')]: setting.clientId,
    [nameOf(definition, 'CLIENT_SECRET')]: setting.clientSecret,
    [nameOf(definition, 'ISSUER')]: setting.issuer,
    [nameOf(definition, 'PROVIDER')]: setting.providerId === '' ? undefined : setting.providerId,
  };
  return neededBy(definition).filter((name) => given[name] === undefined);
}

/** Reads how accounts of each provider are signed in to. Mistakes are pushed to `problems`, without values. */
export const readOAuth = (gathered: Gathered): readonly OAuthSetting[] =>
  OAUTH_DEFINITIONS.map((definition) => readOne(definition, gathered));

function readOne(definition: OAuthDefinition, gathered: Gathered): OAuthSetting {
  const get = <T>(part: string, read: Reader<T>): T | undefined => {
    const name = nameOf(definition, part);
    return oauthVariables(definition).includes(name) ? readVariable(name, read, gathered) : undefined;
  };
  const clientId = get('CLIENT_ID', secretText(1));
  const secret = get('CLIENT_SECRET', secretText(1));
  const issuer = get('ISSUER', baseUrl);
  const scopes = get('SCOPES', words);
  const setting = {
    definition,
    providerId: get('PROVIDER', identifier) ?? definition.providerId,
    scopes: scopes ?? definition.scopes,
    ...(clientId !== undefined && { clientId }),
    ...(secret !== undefined && { clientSecret: new Secret(secret) }),
    ...(issuer !== undefined && { issuer }),
    ...(definition.endpoints !== undefined && {
      endpoints: endpointsOf(definition.endpoints, (part) => get(part, baseUrl)),
    }),
  };
  return { ...setting, missing: missingOf(setting) };
}

function endpointsOf(known: OAuthEndpoints, get: (part: Endpoint) => string | undefined): OAuthEndpoints {
  const others = endpointParts(known).flatMap((part) => {
    const url = get(part);
    return url === undefined || url === known[ENDPOINTS[part]] ? [] : [[ENDPOINTS[part], url] as const];
  });
  if (others.length === 0) return known;
  // Another server has another name.
  const { issuer: _, ...unnamed } = known;
  return { ...unnamed, ...Object.fromEntries(others) };
}

function readVariable<T>(name: string, read: Reader<T>, { values, sources, problems }: Gathered): T | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  const result = read(text);
  if ('value' in result) return result.value;
  problems.push(`${name} (from ${sources.get(name)}) must be ${result.wanted}.`);
  return undefined;
}

const words: Reader<readonly string[]> = (text) => ({ value: text.split(/[\s,]+/).filter((each) => each !== '') });

const identifier: Reader<string> = (text) =>
  /^[\w.-]{1,50}$/.test(text) ? { value: text } : { wanted: 'the name of a provider such as openai' };
