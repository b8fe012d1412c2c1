import type { Account } from '@patchbay/contract/resources/account';
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { JsonView } from '../../components/ui/json-view.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { useMay } from '../../lib/use-session.ts';
import { AccountState } from './account-state.tsx';
import { AccountTest } from './account-test.tsx';
import { Choice } from './choice.tsx';
import { Quotas } from './quotas.tsx';
import { Rests } from './rests.tsx';
import { KIND_WORDS, nameOf, stateOf } from './words.ts';

export interface AccountSheetProps {
  readonly shown: Account;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** One account: how it fares, what it presents itself with, and what keeps it from being chosen. */
export function AccountSheet({ shown, onClose, onChange }: AccountSheetProps) {
  const mayWrite = useMay('accounts:write');
  const mayLogs = useMay('logs:read');
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={nameOf(shown)}
      actions={
        mayWrite && (
          <Button size="sm" icon={<Pencil aria-hidden />} onClick={onChange}>
            Change
          </Button>
        )
      }
    >
      <div className="grid gap-5 p-4">
        <Facts of={shown} />
        <LastError of={shown} />
        {mayWrite && <AccountTest key={shown.id} of={shown} />}
        <Rests of={shown} />
        <Quotas of={shown} />
        <Choice of={shown} />
        <section className="grid gap-2">
          <h3 className="text-sm font-semibold">Presents itself with</h3>
          <JsonView value={shown.auth_data} label="The credential, masked" />
        </section>
        {Object.keys(shown.metadata).length > 0 && (
          <section className="grid gap-2">
            <h3 className="text-sm font-semibold">Known of it</h3>
            <JsonView value={shown.metadata} label="What is known of it" />
          </section>
        )}
        {mayLogs && (
          <Link
            to="/traffic"
            search={{ account: shown.id }}
            className="text-sm text-accent underline-offset-2 hover:underline"
          >
            Its calls
          </Link>
        )}
      </div>
    </Sheet>
  );
}

const Facts = ({ of: account }: { readonly of: Account }) => (
  <KeyValue
    rows={[
      ['State', <AccountState key="state" of={account} />],
      ['Why', stateOf(account, Date.now()).why],
      ['Provider', account.provider_id],
      ['Kind', KIND_WORDS[account.auth_kind]],
      ['Goes out by', account.proxy_url ?? 'itself, without a proxy'],
      ['Calls', <Num key="calls" value={account.usage_count} />],
      ['Failures in a row', <Num key="failures" value={account.failure_count} />],
      ['Last used', <Time key="used" at={account.last_used_at} isAge />],
      ['Last success', <Time key="success" at={account.last_success_at} isAge />],
      ['Token ends', account.expires_at === null ? undefined : <Time key="ends" at={account.expires_at} isAge />],
      ['Added', <Time key="added" at={account.created_at} />],
      [
        'Id',
        <span key="id" className="font-mono text-xs break-all">
          {account.id}
        </span>,
      ],
    ]}
  />
);

const LastError = ({ of: { last_error_msg: message, last_error_at: at } }: { readonly of: Account }) =>
  message === null ? null : (
    <section className="grid gap-2">
      <h3 className="flex items-baseline justify-between gap-2 text-sm font-semibold">
        Last error <Time at={at} isAge className="text-xs font-normal text-ink-3" />
      </h3>
      <p
        className="max-h-40 overflow-y-auto rounded-md border border-line bg-sunken px-3 py-2 text-sm break-words"
        tabIndex={0}
      >
        {message}
      </p>
    </section>
  );
