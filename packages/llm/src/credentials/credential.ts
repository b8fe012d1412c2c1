import type { TokenSource } from './oauth/tokens.ts';
import type { Secret } from './secret.ts';

/** An API key of one account. `id` names the account in logs and is no secret. */
export interface ApiKeyCredential {
  readonly kind: 'api-key';
  readonly id: string;
  readonly key: Secret;
  /** How it is presented where a provider takes keys in more than one way. Default: in its first. */
  readonly as?: 'bearer' | 'header';
}

/** Keys of one account of Amazon's, with which whole requests are signed. `sessionToken` comes with keys that expire. */
export interface AwsCredential {
  readonly kind: 'aws';
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret;
  /** Where the requests go, e.g. `us-east-1`; a signature counts nowhere else. */
  readonly region: string;
}

/** A service account of Google's, whose key buys tokens that live for an hour. */
export interface ServiceAccountCredential {
  readonly kind: 'service-account';
  readonly id: string;
  readonly clientEmail: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: Secret;
  readonly privateKeyId?: string;
  /** Where tokens are sold. */
  readonly tokenUri: string;
}

/** An account that presents tokens which end and are renewed. */
export interface OAuthCredential {
  readonly kind: 'oauth';
  readonly id: string;
  readonly tokens: TokenSource;
  /** Whole headers by lower-case name, with `{{accessToken}}` where the token belongs. Default: the token as a bearer. */
  readonly headers?: Readonly<Record<string, Secret>>;
  /** What must not be seen besides the token of now. */
  readonly secrets: readonly Secret[];
}

/** Headers of one account, for providers that an administrator describes: any number of secrets in any of them. */
export interface HeadersCredential {
  readonly kind: 'headers';
  readonly id: string;
  /** Whole values by lower-case name. */
  readonly headers: Readonly<Record<string, Secret>>;
  /** What the values were made of. */
  readonly secrets: readonly Secret[];
}

/** An upstream that asks for no credential, such as a local server. */
export interface AnonymousCredential {
  readonly kind: 'anonymous';
  readonly id: string;
}

/** What presents us to a provider. */
export type Credential =
  | ApiKeyCredential
  | AwsCredential
  | ServiceAccountCredential
  | OAuthCredential
  | HeadersCredential
  | AnonymousCredential;

/**
 * How a provider wants a credential presented. `env` names the variable that holds it: a key, Amazon's access key id
 * (whose secret and session token stand in the variables beside it) or the text of a service account's key file.
 */
export type AuthScheme =
  | { readonly kind: 'bearer'; readonly env: string }
  | { readonly kind: 'header'; readonly header: string; readonly env: string }
  | {
      readonly kind: 'sigv4';
      /** Amazon's name of the service in signatures, e.g. `bedrock`. */
      readonly service: string;
      readonly env: string;
      readonly secretEnv: string;
      readonly sessionEnv: string;
    }
  | {
      readonly kind: 'google-token';
      /** What tokens are asked for, as an address. */
      readonly scope: string;
      readonly env: string;
    }
  | { readonly kind: 'headers' }
  | { readonly kind: 'oauth-token' }
  | { readonly kind: 'none' };

/** Kinds of schemes by which a kind of credential can be presented. */
const PRESENTED: Readonly<Record<Exclude<Credential['kind'], 'anonymous' | 'oauth'>, ReadonlySet<AuthScheme['kind']>>> =
  {
    'api-key': new Set(['bearer', 'header']),
    aws: new Set(['sigv4']),
    'service-account': new Set(['google-token']),
    headers: new Set(['headers']),
  };

/** The first of a provider's schemes that fits a credential; `undefined` where it takes no such credential. */
export function schemeFor(schemes: readonly AuthScheme[], credential: Credential): AuthScheme | undefined {
  if (credential.kind === 'anonymous') return NONE;
  // A token is presented as one wherever it goes, also where keys have a header of their own.
  if (credential.kind === 'oauth') return OAUTH_TOKEN;
  // A loop: every call comes through here, and functions made for one call are garbage.
  for (const scheme of schemes) if (fits(scheme.kind, credential)) return scheme;
  return undefined;
}

const NONE: AuthScheme = { kind: 'none' };
const OAUTH_TOKEN: AuthScheme = { kind: 'oauth-token' };

function fits(
  kind: AuthScheme['kind'],
  credential: Exclude<Credential, AnonymousCredential | OAuthCredential>,
): boolean {
  if (!PRESENTED[credential.kind].has(kind)) return false;
  return credential.kind !== 'api-key' || credential.as === undefined || credential.as === kind;
}

/** True for schemes whose signer must see the request, or ask for a token first: `sign` alone cannot present them. */
export const signsRequests = ({ kind }: AuthScheme): boolean =>
  kind === 'sigv4' || kind === 'google-token' || kind === 'oauth-token';

/** Everything of a credential that must not be seen. */
export function secretsOf(credential: Credential): readonly Secret[] {
  if (credential.kind === 'api-key') return [credential.key];
  if (credential.kind === 'service-account') return [credential.privateKey];
  if (credential.kind === 'headers') return [...Object.values(credential.headers), ...credential.secrets];
  if (credential.kind === 'oauth') return credential.secrets;
  if (credential.kind === 'anonymous') return [];
  const { secretAccessKey, sessionToken } = credential;
  return sessionToken === undefined ? [secretAccessKey] : [secretAccessKey, sessionToken];
}
