import type { User } from '@patchbay/contract/resources/user';

import { tell } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import type { RoleName } from './roles.ts';

/** Answers that every change of a user makes stale. */
export const STALE = ['users.list', 'users.get', 'users.sessions', 'audit.list'] as const;

/** What is done with a user at once, without a question; the note offers to take it back. */
export function useUserActs() {
  const setStatus = useChange('users.setStatus', STALE);
  const setRole = useChange('users.setRole', STALE);
  const give = ({ id }: User, role: RoleName) => setRole.mutateAsync({ params: { id }, body: { role } });
  const turn = ({ id }: User, status: User['status']) => setStatus.mutateAsync({ params: { id }, body: { status } });
  return {
    giveRole: (user: User, role: RoleName): void =>
      tell(give(user, role), `${user.username} is ${role} now.`, () => give(user, user.role)),
    turn: (user: User): void =>
      user.status === 'active'
        ? tell(turn(user, 'disabled'), `${user.username} is kept out; every session has ended.`, () =>
            turn(user, 'active'),
          )
        : tell(turn(user, 'active'), `${user.username} may sign in.`, () => turn(user, user.status)),
  };
}
