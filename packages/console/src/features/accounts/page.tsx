import type { Account } from '@patchbay/contract/resources/account';
import { LogIn, Plus, UserRoundCog } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Num } from '../../components/ui/values.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress } from '../../lib/use-address.ts';
import type { Slices } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { AccountForm } from './account-form.tsx';
import { AccountMenu } from './account-menu.tsx';
import { AccountSheet } from './account-sheet.tsx';
import { COLUMNS } from './columns.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { Filters } from './filters.tsx';
import { idOf, type Listed } from './listed.ts';
import { ProviderHead } from './provider-head.tsx';
import { RevokeAccount } from './revoke-account.tsx';
import { SignIn } from './sign-in.tsx';
import { useAccounts } from './use-accounts.ts';
import { useGroups } from './use-groups.ts';

/** What is being done. */
type Doing =
  | { readonly what: 'add' | 'sign-in' }
  | { readonly what: 'change' | 'revoke' | 'delete'; readonly account: Account };

/** Accounts that calls go out with: how each fares, and what is done about it. */
export function Page() {
  const [address, setAddress] = useAddress();
  const [doing, setDoing] = useState<Doing>();
  const mayWrite = useMay('accounts:write');
  const { slices, open } = useAccounts(address);
  const isNarrowed = ['search', 'state', 'provider'].some((name) => address[name] !== undefined);
  useActions(
    mayWrite
      ? [
          { id: 'add', label: 'Add an account', run: () => setDoing({ what: 'add' }) },
          { id: 'sign-in', label: 'Sign an account in', run: () => setDoing({ what: 'sign-in' }) },
        ]
      : [],
  );
  const columns = useMemo(() => [...COLUMNS, menuColumn(setDoing)].map(ofLines), []);
  const list = useGroups(slices, address, isNarrowed);
  return (
    <Frame fills>
      <PageHeader
        title="Accounts"
        description="What calls go out with: keys, tokens and sign-ins at providers, and how each fares."
        actions={mayWrite && <Adding setDoing={setDoing} />}
      />
      <Toolbar end={slices.rows.length > 0 && <Count of={slices} />}>
        <Filters address={address} onChange={setAddress} />
      </Toolbar>
      <DataTable
        label="Accounts"
        columns={columns}
        slices={list.slices}
        rowId={idOf}
        openId={open?.id}
        onOpen={(line) =>
          line.kind === 'head' ? setAddress(list.turn(line.provider), true) : setAddress({ account: line.account.id })
        }
        wide={(line) =>
          line.kind === 'head' ? (
            <ProviderHead
              {...list.headOf(line.provider)}
              isShut={line.isShut}
              onTurn={() => setAddress(list.turn(line.provider), true)}
            />
          ) : undefined
        }
        empty={<NoAccounts isNarrowed={isNarrowed} />}
      />
      {open !== undefined && doing === undefined && (
        <AccountSheet
          shown={open}
          onClose={() => setAddress({ account: undefined })}
          onChange={() => setDoing({ what: 'change', account: open })}
        />
      )}
      <Asked doing={doing} onClose={() => setDoing(undefined)} />
    </Frame>
  );
}

/** A column of accounts for lines: heads have no cells. */
const ofLines = ({ cell, ...column }: Column<Account>): Column<Listed> => ({
  ...column,
  cell: (line) => line.kind === 'account' && cell(line.account),
});

const NoAccounts = ({ isNarrowed }: { readonly isNarrowed: boolean }) =>
  isNarrowed ? (
    <EmptyState icon={UserRoundCog} title="No account fits">
      Look for another name, or show all of them.
    </EmptyState>
  ) : (
    <EmptyState icon={UserRoundCog} title="No accounts yet">
      Add the key of a provider, and the next call may use it.
    </EmptyState>
  );

const Count = ({ of: { rows, hasMore } }: { readonly of: Slices<Account> }) => (
  <>
    <Num value={rows.length} />
    {hasMore ? ' read so far' : ' in all'}
  </>
);

/** The window for what is being done. */
const Asked = ({ doing, onClose }: { readonly doing: Doing | undefined; readonly onClose: () => void }) => (
  <>
    {doing?.what === 'add' && <AccountForm onClose={onClose} />}
    {doing?.what === 'sign-in' && <SignIn onClose={onClose} />}
    {doing?.what === 'change' && <AccountForm changed={doing.account} onClose={onClose} />}
    {doing?.what === 'revoke' && <RevokeAccount revoked={doing.account} onClose={onClose} />}
    {doing?.what === 'delete' && <DeleteAccount deleted={doing.account} onClose={onClose} />}
  </>
);

const Adding = ({ setDoing }: { readonly setDoing: (doing: Doing) => void }) => (
  <>
    <Button icon={<LogIn aria-hidden />} onClick={() => setDoing({ what: 'sign-in' })}>
      <span className="max-sm:sr-only">Sign in…</span>
    </Button>
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setDoing({ what: 'add' })}>
      Add an account
    </Button>
  </>
);

const menuColumn = (setDoing: (doing: Doing) => void): Column<Account> => ({
  id: 'menu',
  header: '',
  width: 56,
  cell: (account) => (
    <AccountMenu
      of={account}
      onChange={() => setDoing({ what: 'change', account })}
      onRevoke={() => setDoing({ what: 'revoke', account })}
      onDelete={() => setDoing({ what: 'delete', account })}
    />
  ),
});
