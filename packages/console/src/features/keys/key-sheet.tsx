import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { Link } from '@tanstack/react-router';

import { Button } from '../../components/ui/button.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Money, Num, Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { BudgetBar } from './budget-bar.tsx';

const REFRESH_MS = 5000;

export interface KeySheetProps {
  readonly shown: ApiKey;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** One key: what it may use, and what it has used. */
export function KeySheet({ shown, onClose, onChange }: KeySheetProps) {
  const { id, label, key_prefix: prefix, limits, role } = shown;
  const { data: usage } = useOperation('keys.usage', { params: { id } }, { everyMs: REFRESH_MS });
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={label === '' ? prefix : label}
      actions={
        <Button size="sm" onClick={onChange}>
          Change
        </Button>
      }
    >
      <div className="grid gap-5 p-4">
        {limits.budget_usd !== undefined && (
          <BudgetBar
            spentUsd={usage?.spent_usd}
            budgetUsd={limits.budget_usd}
            period={limits.budget_period ?? 'never'}
            startedAt={usage?.period_start ?? undefined}
          />
        )}
        <KeyValue
          rows={[
            [
              'Key',
              <span key="prefix" className="font-mono text-xs">
                {prefix}…
              </span>,
            ],
            [
              'Id',
              <span key="id" className="font-mono text-xs break-all">
                {id}
              </span>,
            ],
            ['Manages as', role ?? undefined],
            ['Spent', usage && <Money value={usage.spent_usd} />],
            ['Made', <Time key="made" at={shown.created_at} />],
            ['Last used', <Time key="used" at={shown.last_used_at ?? undefined} isAge />],
            ['Ends', shown.expires_at === null ? undefined : <Time key="ends" at={shown.expires_at} />],
            ['Requests a minute', limited(limits.requests_per_minute)],
            ['Tokens a minute', limited(limits.tokens_per_minute)],
            ['Requests a day', limited(limits.requests_per_day)],
            ['Tokens a day', limited(limits.tokens_per_day)],
            ['Calls at a time', limited(limits.calls_at_once)],
            ['Models', limits.models?.join(', ')],
          ]}
        />
        <Link to="/traffic" search={{ key: id }} className="text-sm text-accent underline-offset-2 hover:underline">
          Its calls
        </Link>
      </div>
    </Sheet>
  );
}

const limited = (most: number | undefined) => most && <Num value={most} />;
