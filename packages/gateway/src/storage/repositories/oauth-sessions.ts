import { sql } from 'kysely';

import type { OAuthSessions } from '../ports.ts';
import { time } from './field.ts';
import { OAUTH_SESSIONS } from './resources.ts';
import { createRepository, type RepositoryParts } from './table-repository.ts';

/** Sign-ins that have begun. */
export const createOAuthSessions = (parts: RepositoryParts): OAuthSessions =>
  Object.assign(createRepository(parts, OAUTH_SESSIONS), {
    removeEnded: async (beforeMs: number) => {
      await sql`delete from oauth_sessions where expires_at < ${time('').write(beforeMs)}`.execute(parts.database);
    },
  });
