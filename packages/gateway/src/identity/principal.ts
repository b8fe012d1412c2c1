import type { Permission, Role } from '@patchbay/contract';

import type { Caller } from './ports.ts';

/** Who asks for something on a management route. */
export interface Principal {
  /** `loopback` is whoever asks from this machine without a credential, where AUTH_MODE allows that. */
  readonly kind: 'user' | 'api-key' | 'loopback';
  /** Id of the user, also for a key of a user's; of the key where it is nobody's; `loopback` for the third kind. */
  readonly id: string;
  /** Name to show in the audit log. */
  readonly name: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  /** Family of the session's refresh tokens; absent for keys. */
  readonly sessionId?: string;
  /** The key as calls of models know it; absent where none was shown. */
  readonly caller?: Caller;
  /** True where a browser's cookie said so, and not a token. */
  readonly byCookie?: true;
}

/** True when somebody may do something. */
export const allows = ({ permissions }: Principal, permission: Permission): boolean => permissions.has(permission);

/** As whom somebody calls models: by their key, else by an account of their own. */
export const callerOf = ({ caller, kind, id, name, role }: Principal): Caller =>
  caller ?? { keyId: `${kind}-${id}`, label: name, role, ...(kind === 'user' && { userId: id }) };
