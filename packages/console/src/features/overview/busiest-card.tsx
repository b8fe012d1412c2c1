import type { UsageDashboard, UsageRow } from '@patchbay/contract/resources/usage';

import { Card } from '../../components/ui/card.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import { Duration, Money, Num, Tokens } from '../../components/ui/values.tsx';

const SHOWN = 8;
const HEAD = 'px-4 py-2 text-xs font-medium text-ink-3';
const CELL = 'border-t border-line px-4 py-2';

/** Models by their requests. */
export const BusiestCard = ({ usage }: { readonly usage: UsageDashboard | undefined }) => (
  <Card title="Busiest models" isPadded={false}>
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Busiest models">
      <table className="w-full text-left">
        <thead>
          <tr>
            <th className={HEAD}>Model</th>
            <th className={`${HEAD} text-right`}>Requests</th>
            <th className={`${HEAD} text-right max-sm:hidden`}>Tokens</th>
            <th className={`${HEAD} text-right`}>Spent</th>
            <th className={`${HEAD} text-right max-sm:hidden`}>Latency</th>
          </tr>
        </thead>
        <tbody>
          {usage === undefined ? (
            <Pending />
          ) : (
            usage.byModel.slice(0, SHOWN).map((row) => <Row key={`${row.providerId}/${row.model}`} row={row} />)
          )}
        </tbody>
      </table>
    </div>
    {usage?.byModel.length === 0 && (
      <p className="border-t border-line px-4 py-8 text-center text-ink-3">No model was called in this time.</p>
    )}
  </Card>
);

const Row = ({ row }: { readonly row: UsageRow }) => (
  <tr className="hover:bg-hover/60">
    <td className={`${CELL} max-w-0 w-full truncate`} title={`${row.providerId}/${row.model}`}>
      <span className="text-ink-3">{row.providerId}/</span>
      {row.model}
    </td>
    <td className={`${CELL} text-right`}>
      <Num value={row.requests} />
    </td>
    <td className={`${CELL} text-right max-sm:hidden`}>
      <Tokens value={row.inputTokens + row.outputTokens} />
    </td>
    <td className={`${CELL} text-right`}>
      <Money value={row.costUsd} />
    </td>
    <td className={`${CELL} text-right max-sm:hidden`}>
      <Duration value={row.averageLatencyMs} />
    </td>
  </tr>
);

const Pending = () =>
  Array.from({ length: 4 }, (_, at) => (
    <tr key={at}>
      <td colSpan={5} className={CELL}>
        <Skeleton className="h-4 w-full" />
      </td>
    </tr>
  ));
