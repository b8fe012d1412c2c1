import type { Secret } from '../secret.ts';

/** Ways for somebody to sign an account in. */
export type OAuthFlow = 'authorization_code' | 'device_code';

/** Addresses of an authorization server. */
export interface OAuthEndpoints {
  /** Where the user's browser goes. */
  readonly authorizeUrl?: string;
  readonly tokenUrl: string;
  /** Where device codes are given out (RFC 8628). */
  readonly deviceUrl?: string;
  /** Where tokens are given up (RFC 7009). */
  readonly revokeUrl?: string;
  /** Name of the server in answers that carry one (RFC 9207). */
  readonly issuer?: string;
}

/** How accounts of one provider are signed in to, as data. Client ids and secrets are never in it. */
export interface OAuthDefinition {
  readonly id: string;
  readonly name: string;
  /** Beginning of the variables that configure it: `GOOGLE` for `GOOGLE_OAUTH_CLIENT_ID`. */
  readonly envPrefix: string;
  /** The provider that its accounts belong to; empty where the configuration names it. */
  readonly providerId: string;
  readonly flows: readonly OAuthFlow[];
  /** Absent where they come from the discovery document of a configured issuer. */
  readonly endpoints?: OAuthEndpoints;
  readonly scopes: readonly string[];
  /** Whether the server wants a client id (`public`), a secret besides (`secret`), either (`any`), or knows no clients (`none`). */
  readonly client: 'public' | 'secret' | 'any' | 'none';
  /** How the token endpoint reads its requests. Default: as the standard has it, `form`. */
  readonly bodies?: 'form' | 'json';
  /** More to say in the address for the browser. */
  readonly authorizeExtras?: Readonly<Record<string, string>>;
  /** Departures in that address: the server's own name for a parameter; an empty one leaves it out. */
  readonly authorizeNames?: Readonly<Record<string, string>>;
  /** Departures where a code is exchanged: members to leave out, and members to add. */
  readonly codeOmits?: readonly string[];
  readonly codeExtras?: Readonly<Record<string, string>>;
  /** Set where the state is wanted once more when a code is exchanged. */
  readonly codeSendsState?: true;
  /** Set where a code buys a key that lives until it is deleted, in the place of tokens. */
  readonly buysKey?: true;
  /** Set where an account is of no use without the project it works for. */
  readonly needsProject?: true;
}

/** As whom we speak to which authorization server. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret?: Secret;
  readonly endpoints: OAuthEndpoints;
  readonly bodies?: 'form' | 'json';
}

/** Declares how accounts of a provider are signed in to. */
export const defineOAuth = <const Definition extends OAuthDefinition>(definition: Definition): Definition => definition;
