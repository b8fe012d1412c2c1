import * as z from 'zod/mini';

import { sliceOf, SliceQuery } from './account.ts';
import { Timestamp } from './page.ts';
import { RoleName } from './user.ts';

const Password = z.string().check(z.minLength(8), z.maxLength(1024));

/** A user as the accounts interface shows it. */
export const AccountUser = z.object({
  id: z.string(),
  username: z.string(),
  role: RoleName,
  is_active: z.boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
});

/** Who signs in; `username` may be an e-mail address. */
export const AccountLogin = z.object({
  username: z.string().check(z.minLength(1), z.maxLength(255)),
  password: z.string().check(z.minLength(1), z.maxLength(1024)),
});

/** What signing in gives. `expires_in` in seconds. */
export const AccountSession = z.object({
  token: z.string(),
  refresh_token: z.string(),
  expires_in: z.int(),
  user: AccountUser,
});

/** The password in force and the next, of 8 to 1,024 characters. */
export const AccountPassword = z.object({ current_password: z.string(), new_password: Password });

/** The one key that a user has for everything, without its text. */
export const OwnKey = z.object({ access_key: z.nullable(z.string()), created_at: z.nullable(Timestamp) });
/** The same, just made: its text is shown this once. */
export const NewOwnKey = z.object({ access_key: z.string(), message: z.string() });

/** What a new user is made of. Without an address it gets one under its name that no mail reaches. */
export const CreateAccountUser = z.object({
  username: z.string().check(z.trim(), z.minLength(3), z.maxLength(50), z.regex(/^[^\s@]+$/)),
  email: z.optional(z.email().check(z.maxLength(255))),
  password: Password,
  role: z._default(RoleName, 'user'),
});

/** What an administrator can change in a user. */
export const UpdateAccountUser = z.object({ role: z.optional(RoleName), is_active: z.optional(z.boolean()) });

/** Which users to list. */
export const ListAccountUsers = z.object(SliceQuery);
/** Users, some of them. */
export const AccountUsers = sliceOf(AccountUser);

/** A provider that accounts can belong to. */
export const OfferedProvider = z.object({
  id: z.string(),
  name: z.string(),
  base_url: z.string(),
  supported_auth_types: z.array(z.string()),
  is_active: z.boolean(),
});

/** Those providers. */
export const OfferedProviders = z.object({ providers: z.array(OfferedProvider), total: z.int() });

/** What `AccountUser` reads. */
export type AccountUser = z.output<typeof AccountUser>;
/** What `OfferedProvider` reads. */
export type OfferedProvider = z.output<typeof OfferedProvider>;
