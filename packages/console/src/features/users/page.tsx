import type { User } from '@patchbay/contract/resources/user';
import { Plus, UsersRound } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Badge, Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { SearchInput, Select } from '../../components/ui/input.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Time } from '../../components/ui/values.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress, type Address } from '../../lib/use-address.ts';
import { useSlices, type Slices } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { CreateUser } from './create-user.tsx';
import { ROLE_NAMES, type RoleName } from './roles.ts';
import { UserMenu } from './user-menu.tsx';

const PAGE_ROWS = 50;

const COLUMNS: readonly Column<User>[] = [
  {
    id: 'username',
    header: 'User',
    width: 220,
    grows: true,
    cell: ({ username, email }) => (
      <>
        <span className="font-medium">{username}</span> <span className="text-ink-3">{email}</span>
      </>
    ),
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

/** Who may sign in, and as what. */
export function Page() {
  const [{ search = '', role = '' }, setAddress] = useAddress();
  const [isCreating, setCreating] = useState(false);
  const mayWrite = useMay('users:write');
  useActions(mayWrite ? [{ id: 'create', label: 'Make a user', run: () => setCreating(true) }] : []);
  const slices = useUsers(search, role);
  const columns = useMemo(
    () =>
      mayWrite
        ? [...COLUMNS, { id: 'menu', header: '', width: 60, cell: (user: User) => <UserMenu user={user} /> }]
        : COLUMNS,
    [mayWrite],
  );
  const isFiltered = search !== '' || role !== '';
  const create = (
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
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
        empty={
          <EmptyState icon={UsersRound} title={isFiltered ? 'No user fits these filters' : 'Nobody is here'}>
            {isFiltered ? 'Take a filter away, or write less of the name.' : 'Make the first user.'}
          </EmptyState>
        }
      />
      {isCreating && <CreateUser onClose={() => setCreating(false)} />}
    </Frame>
  );
}

const useUsers = (search: string, role: string): Slices<User> =>
  useSlices(
    'users.list',
    { search, role },
    {
      first: 1,
      input: (page) => ({
        query: {
          page,
          limit: PAGE_ROWS,
          ...(search !== '' && { search }),
          ...(role !== '' && { role: role as RoleName }),
        },
      }),
      rows: ({ data }) => data,
      next: ({ pagination }, page) => (page < pagination.totalPages ? page + 1 : undefined),
    },
  );

interface FiltersProps {
  readonly search: string;
  readonly role: string;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

const Filters = ({ search, role, onChange }: FiltersProps) => (
  <>
    <SearchInput
      aria-label="Users named"
      placeholder="Name or e-mail address"
      className="w-full sm:w-60"
      value={search}
      onChange={(value) => onChange({ search: value }, true)}
    />
    <Select
      aria-label="Users with the role"
      className="w-full sm:w-40"
      value={role}
      onChange={(event) => onChange({ role: event.target.value })}
    >
      <option value="">Every role</option>
      {ROLE_NAMES.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </Select>
  </>
);
