import type { User } from '@patchbay/contract/resources/user';
import { Link } from '@tanstack/react-router';

import { Badge, Status } from '../../components/ui/badge.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Time } from '../../components/ui/values.tsx';
import { useMay } from '../../lib/use-session.ts';
import { ROLE_HINTS } from './roles.ts';
import { SessionList } from './session-list.tsx';

export interface UserSheetProps {
  readonly shown: User;
  readonly onClose: () => void;
}

/** One user: as what, since when, and where signed in. */
export function UserSheet({ shown, onClose }: UserSheetProps) {
  const mayWrite = useMay('users:write');
  const mayAudit = useMay('audit:read');
  const { id, username, email, role, status, lastLogin, createdAt } = shown;
  return (
    <Sheet isOpen onClose={onClose} title={username}>
      <div className="grid gap-5 p-4">
        <KeyValue
          rows={[
            ['E-mail', email],
            [
              'Role',
              <span key="role" className="grid justify-items-start gap-1">
                <Badge tone={role === 'admin' ? 'accent' : 'neutral'}>{role}</Badge>
                <span className="text-xs text-ink-3">{ROLE_HINTS[role]}</span>
              </span>,
            ],
            [
              'Status',
              <Status key="status" tone={status === 'active' ? 'good' : 'neutral'}>
                {status === 'active' ? 'may sign in' : 'kept out'}
              </Status>,
            ],
            ['Last sign-in', <Time key="login" at={lastLogin} isAge />],
            ['Since', <Time key="since" at={createdAt} />],
            [
              'Id',
              <span key="id" className="font-mono text-xs break-all">
                {id}
              </span>,
            ],
          ]}
        />
        {mayWrite && <SessionList of={shown} />}
        {mayAudit && (
          <Link
            to="/audit"
            search={{ actor: username }}
            className="text-sm text-accent underline-offset-2 hover:underline"
          >
            What {username} changed
          </Link>
        )}
      </div>
    </Sheet>
  );
}
