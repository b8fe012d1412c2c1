import type { User } from '@patchbay/contract/resources/user';
import { Plus, UsersRound } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Badge, Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { ChoiceFilter, NameFilter } from '../../components/ui/filters.tsx';
import { Named } from '../../components/ui/named.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Time } from '../../components/ui/values.tsx';
import { BY_PAGE, inUse } from '../../lib/slice-shapes.ts';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress, type Address } from '../../lib/use-address.ts';
import { useOperation, useSlices, type Slices } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { CreateUser } from './create-user.tsx';
import { DeleteUser } from './delete-user.tsx';
import { NewPassword } from './new-password.tsx';
import { ROLE_NAMES, type RoleName } from './roles.ts';
import { UserMenu } from './user-menu.tsx';
import { UserSheet } from './user-sheet.tsx';

const PAGE_ROWS = 50;

const COLUMNS: readonly Column<User>[] = [
  {
    id: 'username',
    header: 'User',
    width: 140,
    grows: true,
    cell: ({ username, email }) => <Named name={username} besides={email} isCode={false} />,
  },
  {
    id: 'role',
    header: 'Role',
    width: 120,
    cell: ({ role }) => <Badge tone={role === 'admin' ? 'accent' : 'neutral'}>{role}</Badge>,
  },
  {
    id: 'status',
    header: 'Status',
    width: 120,
    onPhones: false,
    cell: ({ status }) => <Status tone={status === 'active' ? 'good' : 'neutral'}>{status}</Status>,
  },
  {
    id: 'lastLogin',
    header: 'Last sign-in',
    width: 140,
    onPhones: false,
    cell: ({ lastLogin }) => <Time at={lastLogin} isAge className="text-ink-2" />,
  },
  {
    id: 'createdAt',
    header: 'Since',
    width: 140,
    onPhones: false,
    cell: ({ createdAt }) => <Time at={createdAt} className="text-ink-2" />,
  },
];

/** What is being done. */
type Doing = { readonly what: 'create' } | { readonly what: 'password' | 'delete'; readonly user: User };

/** Who may sign in, and as what. */
export function Page() {
  const [{ search = '', role = '', user: openId }, setAddress] = useAddress();
  const [doing, setDoing] = useState<Doing>();
  const mayWrite = useMay('users:write');
  useActions(mayWrite ? [{ id: 'create', label: 'Make a user', run: () => setDoing({ what: 'create' }) }] : []);
  const slices = useUsers(search, role);
  const open = useOpen(openId, slices);
  const columns = useMemo(() => (mayWrite ? [...COLUMNS, menuColumn(setDoing)] : COLUMNS), [mayWrite]);
  const create = (
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setDoing({ what: 'create' })}>
      Make a user
    </Button>
  );
  return (
    <Frame fills>
      <PageHeader title="Users" description="Who may sign in, and as what." actions={mayWrite && create} />
      <Toolbar>
        <Filters search={search} role={role} onChange={setAddress} />
      </Toolbar>
      <DataTable
        label="Users"
        columns={columns}
        slices={slices}
        rowId={({ id }) => id}
        openId={open?.id}
        onOpen={({ id }) => setAddress({ user: id })}
        empty={<NoUsers isFiltered={search !== '' || role !== ''} />}
      />
      {open !== undefined && <UserSheet shown={open} onClose={() => setAddress({ user: undefined })} />}
      <Asked doing={doing} onClose={() => setDoing(undefined)} />
    </Frame>
  );
}

const NoUsers = ({ isFiltered }: { readonly isFiltered: boolean }) => (
  <EmptyState icon={UsersRound} title={isFiltered ? 'No user fits these filters' : 'Nobody is here'}>
    {isFiltered ? 'Take a filter away, or write less of the name.' : 'Make the first user.'}
  </EmptyState>
);

/** The window for what is being done. It stands on the page, since rows come and go. */
const Asked = ({ doing, onClose }: { readonly doing: Doing | undefined; readonly onClose: () => void }) => (
  <>
    {doing?.what === 'create' && <CreateUser onClose={onClose} />}
    {doing?.what === 'password' && <NewPassword user={doing.user} onClose={onClose} />}
    {doing?.what === 'delete' && <DeleteUser user={doing.user} onClose={onClose} />}
  </>
);

const menuColumn = (setDoing: (doing: Doing) => void): Column<User> => ({
  id: 'menu',
  header: '',
  width: 60,
  cell: (user) => (
    <UserMenu
      user={user}
      onNewPassword={() => setDoing({ what: 'password', user })}
      onDelete={() => setDoing({ what: 'delete', user })}
    />
  ),
});

/** The user that the address names: of the list, or asked for alone. */
function useOpen(id: string | undefined, { rows, isPending }: Slices<User>): User | undefined {
  const listed = rows.find((each) => each.id === id);
  const isElsewhere = id !== undefined && listed === undefined && !isPending;
  const { data, error } = useOperation('users.get', { params: { id: id ?? '' } }, { enabled: isElsewhere });
  return listed ?? (isElsewhere && error === null && data?.id === id ? data : undefined);
}

const useUsers = (search: string, role: string): Slices<User> =>
  useSlices(
    'users.list',
    { search, role },
    {
      ...BY_PAGE,
      input: (page) => ({ query: { page, limit: PAGE_ROWS, ...inUse({ search, role: role as RoleName }) } }),
      rows: ({ data }) => data,
    },
  );

interface FiltersProps {
  readonly search: string;
  readonly role: string;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

const Filters = ({ search, role, onChange }: FiltersProps) => (
  <>
    <NameFilter
      label="Users named"
      placeholder="Name or e-mail address"
      value={search}
      onChange={(value) => onChange({ search: value }, true)}
    />
    <ChoiceFilter
      label="Users with the role"
      every="Every role"
      value={role}
      choices={ROLE_NAMES.map((each) => ({ value: each, label: each }))}
      onChange={(value) => onChange({ role: value })}
    />
  </>
);
