import * as z from 'zod/mini';

import { ROLES } from '../permissions.ts';
import { PageQuery, Timestamp } from './page.ts';

/** A role’s own name; aliases are not written. */
export const RoleName = z.enum(ROLES);
/** Whether a user may sign in. */
export const UserStatus = z.enum(['active', 'disabled']);

/** Somebody who may sign in; never with a password or its hash. */
export const User = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  role: RoleName,
  status: UserStatus,
  permissions: z.array(z.string()),
  preferences: z.looseObject({}),
  lastLogin: z.optional(Timestamp),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});

const Username = z.string().check(z.trim(), z.minLength(3), z.maxLength(50), z.regex(/^[^\s@]+$/));
const Email = z.email().check(z.maxLength(255));
/** Long enough to be worth hashing, short enough not to be an attack on the hash. */
const Password = z.string().check(z.minLength(8), z.maxLength(1024));

/** `username` may be a user name or an e-mail address; `email` may stand in its place. */
export const Login = z.object({
  username: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
  email: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
  password: z.string().check(z.minLength(1), z.maxLength(1024)),
});

/** What a login and a refresh answer. `expiresIn` in seconds. */
export const Session = z.object({
  token: z.string(),
  refreshToken: z.string(),
  expiresIn: z.int(),
  user: User,
});

/** Who uses a console, and what that one may. The session itself is a cookie that pages cannot read. */
export const ConsoleSession = z.object({
  /** `loopback` is whoever asks from the gateway's own machine, where it is set up to need no sign-in. */
  kind: z.enum(['user', 'api-key', 'loopback']),
  name: z.string(),
  role: RoleName,
  permissions: z.array(z.string()),
  /** Absent for keys and for `loopback`. */
  user: z.optional(User),
  /** To be sent as `X-CSRF-Token` with whatever changes something; absent where nobody signed in. */
  csrfToken: z.optional(z.string()),
});

/** The token to exchange. */
export const Refresh = z.object({ refreshToken: z.string().check(z.minLength(1), z.maxLength(4096)) });
/** The refresh token to spend; absent: this session’s. */
export const Logout = z.object({ refreshToken: z.optional(z.string().check(z.maxLength(4096))) });

/** What somebody says of oneself. */
export const Register = z.object({
  username: Username,
  email: Email,
  password: Password,
  role: z._default(z.enum(['user', 'viewer']), 'user'),
});

/** What a new user is made of. Passwords have 8 to 1,024 characters. */
export const CreateUser = z.object({
  username: Username,
  email: Email,
  password: Password,
  role: z._default(RoleName, 'user'),
});

/** What an administrator can change in a user. */
export const UpdateUser = z.object({
  username: z.optional(Username),
  email: z.optional(Email),
  role: z.optional(RoleName),
  status: z.optional(UserStatus),
  preferences: z.optional(z.looseObject({})),
});

/** What users can change in themselves. */
export const UpdateMe = z.object({
  username: z.optional(Username),
  email: z.optional(Email),
  preferences: z.optional(z.looseObject({})),
});

/** The password in force and the next; `confirmPassword`, where given, must equal it. */
export const ChangePassword = z.object({
  currentPassword: z.string(),
  newPassword: Password,
  confirmPassword: z.optional(z.string()),
});

/** Absent: one is made and shown once. */
export const ResetPassword = z.object({ newPassword: z.optional(Password) });
/** The password that was made, shown this once; absent where one was given. */
export const PasswordReset = z.object({ success: z.literal(true), password: z.optional(z.string()) });

/** A sign-in of a user that has not ended. */
export const UserSession = z.object({
  id: z.string(),
  startedAt: Timestamp,
  /** When it ends unless it is used before. */
  expiresAt: Timestamp,
  /** True for the one that asks. */
  isCurrent: z.boolean(),
});

/** Which users to list. */
export const ListUsers = z.object({
  role: z.optional(RoleName),
  status: z.optional(UserStatus),
  search: z.optional(z.string().check(z.maxLength(255))),
  ...PageQuery,
});

/** What `User` reads. */
export type User = z.output<typeof User>;
/** What `UserSession` reads. */
export type UserSession = z.output<typeof UserSession>;
/** What `ConsoleSession` reads. */
export type ConsoleSession = z.output<typeof ConsoleSession>;
/** What `Session` reads. */
export type Session = z.output<typeof Session>;
