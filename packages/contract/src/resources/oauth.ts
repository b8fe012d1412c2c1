import * as z from 'zod/mini';

import { Account } from './account.ts';
import { Timestamp } from './page.ts';

/** A provider whose accounts can be signed in to by OAuth. */
export const OAuthProvider = z.object({
  id: z.string(),
  name: z.string(),
  flows: z.array(z.enum(['authorization_code', 'device_code'])),
  /** False while its client id is not in the settings; `missing` then says what to set. */
  configured: z.boolean(),
  missing: z.array(z.string()),
});

/** How to begin. */
export const OAuthInit = z.object({
  provider: z.string().check(z.minLength(1)),
  project_id: z.optional(z.string()),
  flow_type: z._default(z.enum(['auto', 'manual', 'device']), 'auto'),
  redirect_uri: z.optional(z.string()),
  /** What the token shall open. Default: what the settings say, else what the provider's accounts are used for. */
  scopes: z.optional(z.array(z.string().check(z.regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/))).check(z.maxLength(50))),
  label: z.optional(z.string().check(z.maxLength(100))),
  /**
   * The proxy that the account will have; the sign-in goes through it, too. `null`: none. Default: the one that a new
   * account is given, if any has room.
   */
  proxy_id: z.optional(z.nullable(z.int())),
});

/** Where to send the user. */
export const OAuthStarted = z.object({
  auth_url: z.string(),
  state: z.string(),
  flow_type: z.string(),
  expires_at: Timestamp,
  /** For device codes: what to type in. */
  user_code: z.optional(z.string()),
  interval: z.optional(z.int()),
});

/** The address that the browser was sent back to, as a whole; or its parts. */
export const OAuthExchange = z.object({
  callback_url: z.optional(z.string()),
  code: z.optional(z.string()),
  state: z.optional(z.string()),
});

/** The account that came of it. */
export const OAuthDone = z.object({ success: z.literal(true), account: Account });

/** How far a sign-in is. */
export const OAuthStatus = z.object({
  state: z.string(),
  status: z.enum(['pending', 'done', 'failed', 'expired']),
  account_id: z.optional(z.string()),
  error: z.optional(z.string()),
});

/** Which account. */
export const OAuthAccount = z.object({ account_id: z.string().check(z.minLength(1)) });
