import type { ApiKey, KeyUsage } from '@patchbay/contract/resources/api-key';
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Money, Num, Time, Tokens } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { BudgetBar } from './budget-bar.tsx';
import { BurnDown } from './burn-down.tsx';
import { OlderSecret } from './older-secret.tsx';

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
        <Button size="sm" icon={<Pencil aria-hidden />} onClick={onChange}>
          Change
        </Button>
      }
    >
      <div className="grid gap-5 p-4">
        <OlderSecret of={shown} />
        <Budget of={shown} usage={usage} />
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
            ['Ends', shown.expires_at === null ? 'never' : <Time key="ends" at={shown.expires_at} />],
            ['Told from', softOnly(limits)],
            ['Requests a minute', limited(limits.requests_per_minute)],
            ['Tokens a minute', limited(limits.tokens_per_minute)],
            ['Requests a day', limited(limits.requests_per_day)],
            ['Tokens a day', limited(limits.tokens_per_day)],
            ['Calls at a time', limited(limits.calls_at_once)],
            ['Models', limits.models?.join(', ')],
            ['Price unknown', limits.unknown_price === 'refuse' ? 'such calls are refused' : undefined],
            ['Calls so far', usage && <Num value={usage.requests} />],
            ['Tokens in', usage && <Tokens value={usage.input_tokens} />],
            ['Tokens out', usage && <Tokens value={usage.output_tokens} />],
          ]}
        />
        <Link to="/traffic" search={{ key: id }} className="text-sm text-accent underline-offset-2 hover:underline">
          Its calls
        </Link>
      </div>
    </Sheet>
  );
}

interface BudgetProps {
  readonly of: ApiKey;
  readonly usage: KeyUsage | undefined;
}

const Budget = ({ of: { limits }, usage }: BudgetProps) => {
  const { budget_usd: budgetUsd, soft_budget_usd: softUsd } = limits;
  if (budgetUsd === undefined) return null;
  return (
    <>
      <BudgetBar
        spentUsd={usage?.spent_usd}
        budgetUsd={budgetUsd}
        softUsd={softUsd}
        period={limits.budget_period ?? 'never'}
        startedAt={usage?.period_start ?? undefined}
        endsAt={usage?.period_end ?? undefined}
      />
      <BurnDown usage={usage} budgetUsd={budgetUsd} softUsd={softUsd} />
    </>
  );
};

/** Where somebody is told though no budget ends the calls. */
const softOnly = ({ budget_usd: budget, soft_budget_usd: soft }: ApiKey['limits']) =>
  budget === undefined && soft !== undefined ? <Money value={soft} /> : undefined;

const limited = (most: number | undefined) => most && <Num value={most} />;
