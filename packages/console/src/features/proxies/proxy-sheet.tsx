import type { Proxy } from '@patchbay/contract/resources/proxy';
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';

import { Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Duration, Num, Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { Capacity } from './capacity.tsx';
import { useProxyActs } from './use-proxy-acts.ts';
import { nameOf, stateOf } from './words.ts';

export interface ProxySheetProps {
  readonly shown: Proxy;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** One proxy: how it fares, and which accounts go through it. */
export function ProxySheet({ shown, onClose, onChange }: ProxySheetProps) {
  const mayWrite = useMay('proxies:write');
  const { check, isChecking } = useProxyActs(shown);
  const { tone, word } = stateOf(shown);
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={nameOf(shown)}
      actions={
        mayWrite && (
          <>
            <Button size="sm" isBusy={isChecking} onClick={check}>
              Try it now
            </Button>
            <Button size="sm" icon={<Pencil aria-hidden />} onClick={onChange}>
              Change
            </Button>
          </>
        )
      }
    >
      <div className="grid gap-5 p-4">
        <KeyValue
          rows={[
            [
              'State',
              <Status key="state" tone={tone}>
                {word}
              </Status>,
            ],
            [
              'Address',
              <span key="url" className="font-mono text-xs break-all">
                {shown.url}
              </span>,
            ],
            ['Accounts', <Capacity key="accounts" of={shown} />],
            ['Takes', <Duration key="takes" value={shown.avg_latency_ms === 0 ? undefined : shown.avg_latency_ms} />],
            ['Failures in a row', <Num key="failures" value={shown.consecutive_failures} />],
            ['Down after failures', <Num key="max" value={shown.max_failures} />],
            ['Weight', <Num key="weight" value={shown.weight} />],
            ['Priority', <Num key="priority" value={shown.priority} />],
            ['Calls', <Num key="calls" value={shown.usage_count} />],
            ['Tried', <Time key="tried" at={shown.last_checked_at} isAge />],
            ['Last used', <Time key="used" at={shown.last_used_at} isAge />],
            ['Down since', shown.marked_down_at === null ? undefined : <Time key="down" at={shown.marked_down_at} />],
            ['Added', <Time key="added" at={shown.created_at} />],
          ]}
        />
        <Assigned to={shown.id} />
      </div>
    </Sheet>
  );
}

/** Longest list of accounts here; the page of accounts has them all. */
const SHOWN_MAX = 100;

function Assigned({ to }: { readonly to: number }) {
  const { data } = useOperation('proxies.assignments');
  const accounts = data?.proxies.find(({ proxy_id: id }) => id === to)?.accounts ?? [];
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">Accounts through it</h3>
      {data !== undefined && accounts.length === 0 && <p className="text-sm text-ink-3">None.</p>}
      <ul className="grid text-sm">
        {accounts.slice(0, SHOWN_MAX).map(({ id, label, provider_id: provider }) => (
          <li
            key={id}
            className="flex min-w-0 items-baseline justify-between gap-3 border-b border-line py-1.5 last:border-0"
          >
            <Link
              to="/accounts"
              search={{ account: id }}
              className="min-w-0 truncate text-accent underline-offset-2 hover:underline"
            >
              {label === '' ? id : label}
            </Link>
            <span className="text-xs text-ink-3">{provider}</span>
          </li>
        ))}
      </ul>
      {accounts.length > SHOWN_MAX && (
        <p className="text-xs text-ink-3">
          and <Num value={accounts.length - SHOWN_MAX} /> more
        </p>
      )}
    </section>
  );
}
