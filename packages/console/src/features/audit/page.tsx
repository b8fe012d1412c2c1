import type { AuditEntry } from '@patchbay/contract/resources/system';
import { FileClock, X } from 'lucide-react';
import { useState } from 'react';

import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { ChoiceFilter, NameFilter } from '../../components/ui/filters.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { inUse } from '../../lib/slice-shapes.ts';
import { useAddress, type Address } from '../../lib/use-address.ts';
import { useSlices, type Slices } from '../../lib/use-api.ts';
import { EntrySheet } from './entry-sheet.tsx';

const PAGE_ROWS = 100;
/** What is written down of no resource that is told of, such as a sign-in, is seen within this. */
const REFRESH_MS = 10_000;
const SUBJECTS = [
  'user',
  'api-key',
  'provider',
  'model',
  'account',
  'proxy',
  'template',
  'mapping',
  'configuration',
  'backup',
  'finding',
] as const;

const COLUMNS: readonly Column<AuditEntry>[] = [
  { id: 'time', header: 'Time', width: 112, cell: ({ timestamp }) => <Time at={timestamp} /> },
  { id: 'actor', header: 'Who', width: 90, grows: true, cell: ({ actorName }) => actorName },
  {
    id: 'action',
    header: 'What',
    width: 124,
    grows: true,
    cell: ({ action }) => <Badge tone={/delete|revoke|remove/i.test(action) ? 'bad' : 'neutral'}>{action}</Badge>,
  },
  {
    id: 'subject',
    header: 'On',
    width: 260,
    grows: true,
    onPhones: false,
    cell: ({ subjectType, subjectId }) => (
      <>
        {subjectType} <span className="font-mono text-xs text-ink-3">{subjectId}</span>
      </>
    ),
  },
  {
    id: 'peer',
    header: 'From',
    width: 140,
    onPhones: false,
    cell: ({ peer }) => <span className="numeric text-ink-2">{peer ?? '–'}</span>,
  },
];

/** Every change of the management: who, what, on what, before and after. */
export function Page() {
  const [address, setAddress] = useAddress();
  const [open, setOpen] = useState<AuditEntry>();
  const slices = useEntries(address);
  const { entry: openId } = address;
  const shown = openId === undefined ? undefined : (slices.rows.find(({ id }) => id === openId) ?? open);
  return (
    <Frame fills>
      <PageHeader title="Audit" description="Every change of the management, the newest first." />
      <Toolbar
        end={
          slices.rows.length > 0 && (
            <>
              <Num value={slices.rows.length} />
              {slices.hasMore ? ' read so far' : slices.rows.length === 1 ? ' entry' : ' entries'}
            </>
          )
        }
      >
        <Filters address={address} onChange={setAddress} />
      </Toolbar>
      <DataTable
        label="Audit log"
        columns={COLUMNS}
        slices={slices}
        rowId={({ id }) => id}
        openId={openId}
        onOpen={(entry) => {
          setOpen(entry);
          setAddress({ entry: entry.id });
        }}
        empty={<NoEntries isFiltered={['actor', 'subject', 'thing'].some((name) => address[name] !== undefined)} />}
      />
      {shown !== undefined && (
        <EntrySheet
          entry={shown}
          onClose={() => setAddress({ entry: undefined })}
          onNarrow={(to) =>
            setAddress({ actor: undefined, subject: undefined, thing: undefined, ...to, entry: undefined })
          }
        />
      )}
    </Frame>
  );
}

const NoEntries = ({ isFiltered }: { readonly isFiltered: boolean }) => (
  <EmptyState icon={FileClock} title={isFiltered ? 'No change fits these filters' : 'Nothing was changed yet'}>
    {isFiltered
      ? 'Take a filter away, or write the whole name.'
      : 'Whatever somebody changes here or by the API is written down.'}
  </EmptyState>
);

const useEntries = ({ actor = '', subject = '', thing = '' }: Address): Slices<AuditEntry> =>
  useSlices(
    'audit.list',
    { actor, subject, thing },
    {
      first: undefined as string | undefined,
      input: (before) => ({
        query: {
          limit: PAGE_ROWS,
          ...inUse({ actor, subjectType: subject, subjectId: thing }),
          ...(before !== undefined && { before }),
        },
      }),
      rows: ({ entries }) => entries,
      next: (answer) => answer.next,
      everyMs: REFRESH_MS,
    },
  );

interface FiltersProps {
  readonly address: Address;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

const Filters = ({ address: { actor = '', subject = '', thing }, onChange }: FiltersProps) => (
  <>
    <NameFilter
      label="Changes by"
      placeholder="Whole name of who did it"
      value={actor}
      onChange={(value) => onChange({ actor: value }, true)}
    />
    <ChoiceFilter
      label="Changes of"
      every="Everything"
      value={subject}
      choices={SUBJECTS.map((each) => ({ value: each, label: each }))}
      onChange={(value) => onChange({ subject: value, thing: undefined })}
    />
    {thing !== undefined && (
      <Button size="sm" icon={<X aria-hidden />} onClick={() => onChange({ thing: undefined })}>
        <span className="max-w-40 truncate">of {thing}</span>
      </Button>
    )}
  </>
);
