import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { Activity, ArrowUp } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { DataTable } from '../../components/ui/data-table.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Num } from '../../components/ui/values.tsx';
import { cx } from '../../lib/cx.ts';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useNames } from '../../lib/use-names.ts';
import { CallSheet } from './call-sheet.tsx';
import { columnsOf } from './columns.tsx';
import { FilterBar } from './filter-bar.tsx';
import { canGrow, CLEARED, filterCount, filtersOf } from './filters.ts';
import { useLog, type GrowingLog } from './use-log.ts';
import { useLook } from './use-look.ts';
import { ExportButton, LiveButton, ViewMenu } from './view-menu.tsx';

const NARROW = '(max-width: 640px)';

/** Every upstream attempt, as it ends and as far back as calls are kept. */
export function Page() {
  const [address, setAddress] = useAddress();
  const [look, setLook] = useLook();
  const [isTop, setTop] = useState(true);
  const names = useNames();
  const filters = useFilters(address);
  const isLive = address['live'] !== 'off' && canGrow(address);
  const log = useLog(filters, { isLive, isHeld: !isTop });
  const isNarrow = matchMedia(NARROW).matches;
  const all = useMemo(() => columnsOf(names, isNarrow), [names, isNarrow]);
  const columns = useMemo(() => all.filter(({ id }) => look.columns.includes(id)), [all, look.columns]);
  const setLive = (wanted: boolean): void => setAddress({ live: wanted ? undefined : 'off' });
  useActions([{ id: 'live', label: isLive ? 'Pause the live calls' : 'Show calls live', run: () => setLive(!isLive) }]);
  const openId = address['call'];
  return (
    <Frame fills>
      <PageHeader
        title="Traffic"
        description="Every attempt at a provider, the newest first."
        actions={
          <>
            <LiveButton isLive={isLive} onChange={setLive} />
            <ViewMenu columns={all} look={look} onLook={setLook} />
            <ExportButton filters={filters} />
          </>
        }
      />
      <Toolbar end={<Count log={log} isLive={isLive} />}>
        <FilterBar address={address} names={names} onChange={setAddress} />
      </Toolbar>
      {log.waiting > 0 && (
        <Button
          size="sm"
          variant="primary"
          className="-mt-1 self-center rounded-full"
          icon={<ArrowUp aria-hidden />}
          onClick={log.showWaiting}
        >
          {log.waiting} new
        </Button>
      )}
      <DataTable
        label="Calls"
        columns={columns}
        slices={log}
        rowId={rowIdOf}
        openId={openId === undefined ? undefined : log.rows.find((row) => row.request_id === openId)?.id.toString()}
        isDense={look.isDense}
        onTop={setTop}
        onOpen={(row) => setAddress({ call: row.request_id })}
        empty={<NoCalls isFiltered={filterCount(address) > 0} onClear={() => setAddress(CLEARED)} />}
      />
      {openId !== undefined && (
        <CallSheet id={openId} onClose={() => setAddress({ call: undefined, tab: undefined })} />
      )}
    </Frame>
  );
}

const rowIdOf = ({ id }: RequestLog): string => String(id);

/** A span ends when it was chosen: the rows would else be asked for anew each moment. */
function useFilters(address: Parameters<typeof filtersOf>[0]) {
  const { call: _call, tab: _tab, live: _live, ...filtering } = address;
  const key = JSON.stringify(filtering);
  return useMemo(() => filtersOf(JSON.parse(key) as typeof filtering, Date.now()), [key]);
}

const Count = ({ log, isLive }: { readonly log: GrowingLog; readonly isLive: boolean }) => (
  <>
    {log.hasSkipped && <span>Calls come faster than they can be shown.</span>}
    {log.rows.length > 0 && (
      <span>
        <Num value={log.rows.length} />
        {log.hasMore ? ' read so far' : ' in all'}
      </span>
    )}
    <span className="inline-flex items-center gap-1.5" role="status">
      <span
        className={cx('size-1.5 rounded-full', isLive && log.state === 'live' ? 'animate-breathe bg-good' : 'bg-ink-3')}
        aria-hidden
      />
      {!isLive ? 'paused' : log.state === 'live' ? 'live' : 'connecting'}
    </span>
  </>
);

const NoCalls = ({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) =>
  isFiltered ? (
    <EmptyState
      icon={Activity}
      title="No call fits these filters"
      action={<Button onClick={onClear}>Clear all filters</Button>}
    >
      Take a filter away. A search finds parts of request ids, models, accounts and errors.
    </EmptyState>
  ) : (
    <EmptyState icon={Activity} title="No calls yet">
      Send one with a key of this gateway: <code className="font-mono text-xs">simulator/echo</code> answers without any
      provider. It appears here as it ends.
    </EmptyState>
  );
