import { randomBytes } from 'node:crypto';

import type { Secret } from '@patchbay/llm/credentials/secret';

import type { Passwords } from './passwords.ts';

/** What the operator said about the first administrator. */
export interface AdministratorSettings {
  readonly username: string;
  readonly email: string;
  readonly password?: Secret;
}

/** What may be shown of the first administrator's password: itself only when it was made just now. */
export type ShownPassword = { readonly text: string } | { readonly file: string } | { readonly variable: string };

export interface FirstAdministratorParts {
  readonly settings: AdministratorSettings;
  readonly passwords: Passwords;
  /** True when some user exists. */
  readonly hasUsers: () => Promise<boolean>;
  /** Adds the administrator; false when another process was faster. */
  readonly add: (user: Omit<AdministratorSettings, 'password'> & { readonly passwordHash: string }) => Promise<boolean>;
  /** The password of the data folder, made where there is none. */
  readonly keep: () => Promise<{ readonly secret: Secret; readonly created: boolean; readonly file: string }>;
}

/** Makes the administrator of an installation that has no users; `undefined` when it has. */
export async function firstAdministrator(parts: FirstAdministratorParts): Promise<ShownPassword | undefined> {
  if (await parts.hasUsers()) return undefined;
  const { username, email, password } = parts.settings;
  const kept = password === undefined ? await parts.keep() : undefined;
  const secret = password ?? kept?.secret;
  if (secret === undefined) return undefined;
  const added = await parts.add({ username, email, passwordHash: await parts.passwords.hash(secret.reveal()) });
  if (!added) return undefined;
  if (kept === undefined) return { variable: 'ADMIN_PASSWORD' };
  return kept.created ? { text: kept.secret.reveal() } : { file: kept.file };
}

/** A password that nobody guesses: 144 bits as 24 characters. */
export const newPassword = (): string => randomBytes(18).toString('base64url');
