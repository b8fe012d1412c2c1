import type { Traffic, TrafficRow } from '@patchbay/contract/resources/usage';
import { Link } from '@tanstack/react-router';

import { Card } from '../../components/ui/card.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import { Duration, Money, Num, Share } from '../../components/ui/values.tsx';
import { cx } from '../../lib/cx.ts';
import { useNames, type Names } from '../../lib/use-names.ts';

const SHOWN = 8;

/** What can be ranked: its name in the address is the filter of the log that a row leads to. */
const RANKINGS = {
  model: { label: 'Models', rows: ({ byModel }: Traffic) => byModel, nameOf: (name: string) => name },
  provider: { label: 'Providers', rows: ({ byProvider }: Traffic) => byProvider, nameOf: (name: string) => name },
  account: {
    label: 'Accounts',
    rows: ({ byAccount }: Traffic) => byAccount,
    nameOf: (name: string, names: Names) => names.account(name),
  },
  key: { label: 'Keys', rows: ({ byKey }: Traffic) => byKey, nameOf: (name: string, names: Names) => names.key(name) },
} as const;

type RankingName = keyof typeof RANKINGS;
const CHOICES = Object.entries(RANKINGS).map(([value, { label }]) => ({ value: value as RankingName, label }));
const GRID =
  'grid grid-cols-[minmax(0,1fr)_4rem_4.5rem] items-center gap-x-3 sm:grid-cols-[minmax(0,1fr)_4.5rem_4.5rem_5rem_5.5rem]';

export interface RankingCardProps {
  readonly traffic: Traffic | undefined;
  readonly span: string;
  readonly by: string | undefined;
  readonly onBy: (by: string) => void;
}

/** Who the calls went to or came from, the most first; a row leads to its calls. */
export function RankingCard({ traffic, span, by, onBy }: RankingCardProps) {
  const names = useNames();
  const name: RankingName = CHOICES.find(({ value }) => value === by)?.value ?? 'model';
  const { rows: rowsOf, nameOf } = RANKINGS[name];
  const rows = traffic === undefined ? [] : rowsOf(traffic).slice(0, SHOWN);
  const most = rows[0]?.requests ?? 1;
  return (
    <Card
      title="Busiest"
      isPadded={false}
      actions={<Segments label="By what" value={name} onChange={onBy} choices={CHOICES} />}
    >
      <div className={cx(GRID, 'px-4 pt-2.5 pb-1 text-xs text-ink-3')} aria-hidden>
        <span>{RANKINGS[name].label.slice(0, -1)}</span>
        <span className="text-right">Requests</span>
        <span className="text-right">Spent</span>
        <span className="text-right max-sm:hidden">Errors</span>
        <span className="text-right max-sm:hidden">p95</span>
      </div>
      <ul className="grid gap-px px-2 pb-2" aria-label={RANKINGS[name].label}>
        {traffic === undefined && [0, 1, 2, 3].map((at) => <Skeleton key={at} className="mx-2 my-2 h-4" />)}
        {rows.map((row) => (
          <Row
            key={row.name}
            row={row}
            share={row.requests / most}
            filter={name}
            span={span}
            shown={nameOf(row.name, names)}
          />
        ))}
      </ul>
      {traffic !== undefined && rows.length === 0 && (
        <p className="px-4 pt-4 pb-8 text-center text-ink-3">Nothing was called in this time.</p>
      )}
    </Card>
  );
}

interface RowProps {
  readonly row: TrafficRow;
  /** Of the busiest one. */
  readonly share: number;
  readonly filter: RankingName;
  readonly span: string;
  readonly shown: string;
}

const Row = ({ row, share, filter, span, shown }: RowProps) => (
  <li>
    <Link
      to="/traffic"
      search={{ [filter]: row.name, span } as never}
      className={cx(GRID, 'relative isolate rounded px-2 py-1.5 hover:bg-hover')}
      title={row.name}
    >
      <span
        aria-hidden
        className="absolute inset-y-0.5 left-0 -z-10 rounded bg-accent-soft"
        style={{ width: `${Math.max(1, share * 100)}%` }}
      />
      <span className="truncate">{shown}</span>
      <Num value={row.requests} className="text-right" />
      <Money value={row.costUsd} className="text-right text-ink-2" />
      <span className={cx('text-right max-sm:hidden', row.errors > 0 ? 'text-bad' : 'text-ink-3')}>
        <Share value={row.requests === 0 ? 0 : row.errors / row.requests} />
      </span>
      <Duration value={row.latencyMs.p95} className="text-right text-ink-2 max-sm:hidden" />
    </Link>
  </li>
);
