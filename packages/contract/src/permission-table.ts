import type { Operation } from './operation.ts';
import { ROLE_PERMISSIONS, ROLES, type Role } from './permissions.ts';

/** Who asks: with a role, or without any credential. */
export type Asker = Role | 'anonymous';

/** Everybody who can ask, the most powerful first. */
export const ASKERS: readonly Asker[] = [...ROLES, 'anonymous'];

/** What the policy says to somebody: `yes`, 401 to those who must sign in, or 403. */
export function mayAsk({ permission }: Pick<Operation, 'permission'>, asker: Asker): 'yes' | 401 | 403 {
  if (permission === 'public') return 'yes';
  if (asker === 'anonymous') return 401;
  return permission === 'signed-in' || ROLE_PERMISSIONS[asker].includes(permission) ? 'yes' : 403;
}

/** The whole policy as a page: one line an operation, one column a role. */
export function permissionPage(operations: readonly Operation[]): string {
  const rows = operations.map((operation) => {
    const cells = ASKERS.map((asker) => String(mayAsk(operation, asker)));
    return `| \`${operation.method} ${operation.path}\` | \`${operation.permission}\` | ${cells.join(' | ')} |`;
  });
  return [
    '# Who may do what',
    '',
    'Written from the contract by `npm run permissions`; a test asks every cell of a running gateway.',
    '',
    `| Route | Permission | ${ASKERS.join(' | ')} |`,
    `|---|---|${ASKERS.map(() => '---').join('|')}|`,
    ...rows,
    '',
  ].join('\n');
}
