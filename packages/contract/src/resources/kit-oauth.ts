import * as z from 'zod/mini';

import { OAuthStatus } from './oauth.ts';
import { Timestamp } from './page.ts';

/** How the tokens of a sign-in are; never the tokens. */
const TOKENS = {
  token_type: z.string(),
  scopes: z.array(z.string()),
  expired: z.boolean(),
  /** Whether a new token can be had without anybody. */
  refreshable: z.boolean(),
  /** Absent where the provider does not say. */
  expires_at: z.optional(Timestamp),
};

/** One signed-in account of a provider. */
export const KitOAuthAccount = z.object({
  account_id: z.string(),
  label: z.string(),
  /** Whether calls may use it. */
  authenticated: z.boolean(),
  ...TOKENS,
});

/**
 * How signing in to a provider stands. A gateway has many accounts of one: the members beside `accounts` are those of the
 * one that is good for longest, and absent where nobody is signed in.
 */
export const KitOAuth = z.object({
  provider: z.string(),
  authenticated: z.boolean(),
  ...z.partial(z.object(TOKENS)).shape,
  accounts: z.array(KitOAuthAccount),
  /** How far the sign-in is whose `state` was asked about. */
  sign_in: z.optional(OAuthStatus),
});

/** How signing in stands at every provider where it is possible. */
export const KitOAuths = z.object({ accounts: z.array(KitOAuth), count: z.int() });

/** Where to send the browser; for device codes, what to type in there. */
export const KitOAuthStarted = z.object({
  provider: z.string(),
  auth_url: z.string(),
  state: z.string(),
  expires_at: Timestamp,
  user_code: z.optional(z.string()),
  /** Seconds between two looks at `status?state=`, which is what asks for the token. */
  interval: z.optional(z.int()),
});

/** What giving an account's tokens up came to. */
export const KitOAuthRevoked = z.object({
  provider: z.string(),
  account_id: z.string(),
  authenticated: z.literal(false),
  /** Whether the provider was told; some take no tokens back. */
  revoked: z.boolean(),
  message: z.string(),
});

/** How to begin. */
export const KitOAuthAsk = z.object({
  /** What the token shall open, parted by commas or blanks. Default: what the settings say. */
  scopes: z.optional(z.string()),
  /** `json` says the address instead of sending the browser there. */
  response: z.optional(z.string()),
  /**
   * Where the browser comes back to; the provider must know it. Default: `OAUTH_REDIRECT_URL`. The `callback` of this
   * interface is another.
   */
  redirect_uri: z.optional(z.string()),
  flow_type: z.optional(z.enum(['auto', 'manual', 'device'])),
  project_id: z.optional(z.string()),
  label: z.optional(z.string().check(z.maxLength(100))),
});

/** What `KitOAuth` reads. */
export type KitOAuth = z.output<typeof KitOAuth>;
/** What `KitOAuthAccount` reads. */
export type KitOAuthAccount = z.output<typeof KitOAuthAccount>;
