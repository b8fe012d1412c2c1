import { AuthError } from '../auth-error.ts';
import type { OAuthClient, OAuthDefinition, OAuthEndpoints } from '../oauth/definition.ts';
import { OAUTH_DEFINITIONS } from '../oauth/definitions/registry.ts';
import { Secret } from '../secret.ts';

/**
 * How accounts of one provider are signed in to and kept signed in. Everything that the provider is known for may be left
 * out, such as the addresses of Google for `gemini`; a client id never is known. Durations are in milliseconds.
 */
export interface OAuthConfig {
  readonly clientId?: string;
  readonly clientSecret?: string | Secret;
  readonly authUrl?: string;
  readonly tokenUrl?: string;
  /** Where device codes are given out. */
  readonly deviceUrl?: string;
  /** Where tokens are given up when somebody logs out. */
  readonly revokeUrl?: string;
  /** Where the browser is sent back to. */
  readonly redirectUrl?: string;
  readonly defaultScopes?: readonly string[];
  /** The same by its other documented name. */
  readonly scopes?: readonly string[];
  /** Tokens that are there already; those in the store win. */
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly expiresAt?: Date | number;
  /** Told of renewed tokens after they were stored. What it throws is thrown on by `refreshToken`. */
  readonly onTokenRefresh?: (
    id: string,
    access: string,
    refresh: string,
    expires: Date | undefined,
  ) => void | Promise<void>;
  readonly refresh?: {
    /** Default true. */
    readonly enabled?: boolean;
    /** How long before its end a token is renewed. Default 5 minutes; 10 to 15 for high traffic, 30 to be careful. */
    readonly buffer?: number;
  };
  readonly http?: {
    /** For one request to the authorization server. Default 30 000. */
    readonly timeout?: number;
    /** Default: that of the platform. */
    readonly userAgent?: string;
  };
  readonly pkce?: {
    /** Default true. */
    readonly enabled?: boolean;
    /** `S256` is the only one. */
    readonly method?: string;
    /** Characters, 43 to 128. Default 128. */
    readonly verifierLength?: number;
  };
  readonly state?: {
    /** Default true. Only with PKCE may it be false: the last sign-in that was begun then takes any answer. */
    readonly enableValidation?: boolean;
    /** Bytes of chance, 16 to 128. Default 32. */
    readonly length?: number;
  };
}

/** The same with every default in its place. */
export interface OAuthSettings {
  readonly provider: string;
  readonly definition: OAuthDefinition;
  readonly client: OAuthClient;
  readonly redirectUrl: string;
  readonly scopes: readonly string[];
  readonly refreshes: boolean;
  readonly leadMs: number;
  readonly timeoutMs: number;
  readonly userAgent: string | undefined;
  readonly usesPkce: boolean;
  readonly verifierLength: number;
  readonly checksState: boolean;
  readonly stateBytes: number;
}

const LEAD_MS = 300_000;
const TIMEOUT_MS = 30_000;
const VERIFIER_LENGTH = 128;
const STATE_BYTES = 32;

/** What is known of a provider that nobody described. */
const UNKNOWN: OAuthDefinition = {
  id: 'custom',
  name: 'Custom',
  envPrefix: 'CUSTOM',
  providerId: '',
  flows: ['authorization_code', 'device_code'],
  scopes: [],
  client: 'any',
};

/** What is known of signing in to a provider, by the provider's name or that of the definition. */
export const definitionOf = (provider: string): OAuthDefinition =>
  OAUTH_DEFINITIONS.find(({ id }) => id === provider.toLowerCase()) ??
  OAUTH_DEFINITIONS.find(({ providerId }) => providerId === provider.toLowerCase()) ??
  UNKNOWN;

/** Reads a configuration in any of its documented forms. Throws `invalid_config` for values that make no sense. */
export function settingsOf(provider: string, config: OAuthConfig): OAuthSettings {
  const { refresh = {}, http = {}, pkce = {}, state = {} } = config;
  const definition = definitionOf(provider);
  const settings: OAuthSettings = {
    provider,
    definition:
      pkce.enabled === false
        ? { ...definition, codeOmits: [...(definition.codeOmits ?? []), 'code_verifier'] }
        : definition,
    client: clientOf(definition, config),
    redirectUrl: config.redirectUrl ?? '',
    scopes: config.defaultScopes ?? config.scopes ?? definition.scopes,
    refreshes: refresh.enabled ?? true,
    leadMs: refresh.buffer ?? LEAD_MS,
    timeoutMs: http.timeout ?? TIMEOUT_MS,
    userAgent: http.userAgent,
    usesPkce: pkce.enabled ?? true,
    verifierLength: pkce.verifierLength ?? VERIFIER_LENGTH,
    checksState: state.enableValidation ?? true,
    stateBytes: state.length ?? STATE_BYTES,
  };
  const problem = problemOf(settings, pkce.method);
  if (problem !== undefined) throw configError(provider, problem);
  return settings;
}

function clientOf(definition: OAuthDefinition, config: OAuthConfig): OAuthClient {
  const { clientId = '', clientSecret, authUrl, tokenUrl, deviceUrl, revokeUrl } = config;
  // Where one address is another one than known, tokens must not be shown to the known server.
  const known =
    tokenUrl === undefined || tokenUrl === definition.endpoints?.tokenUrl ? definition.endpoints : undefined;
  const endpoints: OAuthEndpoints = {
    tokenUrl: '',
    ...known,
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(authUrl !== undefined && { authorizeUrl: authUrl }),
    ...(deviceUrl !== undefined && { deviceUrl }),
    ...(revokeUrl !== undefined && { revokeUrl }),
  };
  const secret = clientSecret === undefined || clientSecret === '' ? undefined : clientSecret;
  return {
    clientId,
    endpoints,
    ...(secret !== undefined && { clientSecret: secret instanceof Secret ? secret : new Secret(secret) }),
    ...(definition.bodies !== undefined && { bodies: definition.bodies }),
  };
}

function problemOf(settings: OAuthSettings, method: string | undefined): string | undefined {
  const { verifierLength, stateBytes, leadMs, timeoutMs, usesPkce, checksState } = settings;
  if (method !== undefined && method !== 'S256') return `pkce.method must be S256, not ${method}`;
  if (!isWithin(verifierLength, 43, 128)) return 'pkce.verifierLength must be a whole number from 43 to 128';
  if (!isWithin(stateBytes, 16, 128)) return 'state.length must be a whole number of bytes from 16 to 128';
  if (!(leadMs >= 0)) return 'refresh.buffer must be milliseconds, 0 or more';
  if (!(timeoutMs > 0)) return 'http.timeout must be milliseconds, more than 0';
  if (!usesPkce && !checksState)
    return 'Without PKCE the state must be validated: set state.enableValidation or pkce.enabled';
  return undefined;
}

const isWithin = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

/** Throws `invalid_config` for the first member that a flow needs and the configuration lacks. */
export function needs(settings: OAuthSettings, flow: 'sign-in' | 'device' | 'refresh'): void {
  const { client, definition, redirectUrl, provider } = settings;
  const { endpoints } = client;
  const wanted: readonly (readonly [string, boolean])[] = [
    ['clientId', client.clientId !== '' || definition.client === 'none'],
    ['tokenUrl', endpoints.tokenUrl !== ''],
    ['authUrl', flow !== 'sign-in' || isAddress(endpoints.authorizeUrl)],
    ['redirectUrl', flow !== 'sign-in' || isAddress(redirectUrl)],
    ['deviceUrl', flow !== 'device' || isAddress(endpoints.deviceUrl)],
  ];
  const missing = wanted.find(([, isThere]) => !isThere)?.[0];
  if (missing !== undefined)
    throw configError(provider, `required field missing: ${missing}. Set it in the OAuth configuration`);
}

const isAddress = (url: string | undefined): boolean => url !== undefined && URL.canParse(url);

const configError = (provider: string, message: string): AuthError =>
  new AuthError({ provider, code: 'invalid_config', message });
