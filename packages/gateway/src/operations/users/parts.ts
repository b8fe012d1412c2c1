import type { Clock } from '@patchbay/llm/model/clock';

import type { CookieSessions } from '../../identity/cookie-sessions.ts';
import type { LoginGuard } from '../../identity/login-guard.ts';
import type { Passwords } from '../../identity/passwords.ts';
import type { Sessions } from '../../identity/sessions.ts';
import type { UserRecord } from '../../storage/records.ts';
import type { Rows } from '../ports.ts';

/** What operations on users need. */
export interface UserParts {
  readonly rows: Pick<Rows, 'users' | 'transaction'>;
  readonly passwords: Passwords;
  readonly sessions: Sessions<UserRecord>;
  readonly clock: Clock;
}

/** What signing in needs besides. */
export interface AuthParts extends UserParts {
  readonly guard: LoginGuard;
  /** Sessions of browsers. */
  readonly cookies: CookieSessions;
  /** True when strangers may make accounts for themselves. */
  readonly registrationOpen: boolean;
}
