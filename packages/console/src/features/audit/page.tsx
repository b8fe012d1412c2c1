import type { AuditEntry } from '@patchbay/contract/resources/system';
import { FileClock } from 'lucide-react';
import { useState } from 'react';

import { Badge } from '../../components/ui/badge.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { SearchInput, Select } from '../../components/ui/input.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { useAddress, type Address } from '../../lib/use-address.ts';
import { useSlices, type Slices } from '../../lib/use-api.ts';
import { EntrySheet } from './entry-sheet.tsx';

const PAGE_ROWS = 100;
const SUBJECTS = ['user', 'api-key', 'provider', 'model', 'account', 'proxy', 'template', 'mapping'] as const;

const COLUMNS: readonly Column<AuditEntry>[] = [
  { id: 'time', header: 'Time', width: 150, cell: ({ timestamp }) => <Time at={timestamp} /> },
  { id: 'actor', header: 'Who', width: 160, cell: ({ actorName }) => actorName },
  {
    id: 'action',
    header: 'What',
    width: 190,
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
  const [{ actor = '', subject = '', entry: openId }, setAddress] = useAddress();
  const [open, setOpen] = useState<AuditEntry>();
  const slices = useEntries(actor, subject);
  const shown = openId === undefined ? undefined : (slices.rows.find(({ id }) => id === openId) ?? open);
  const isFiltered = actor !== '' || subject !== '';
  return (
    <Frame fills>
      <PageHeader title="Audit" description="Every change of the management, the newest first." />
      <Toolbar
        end={
          slices.rows.length > 0 && (
            <>
              <Num value={slices.rows.length} />
              {slices.hasMore ? ' read so far' : ' entries'}
            </>
          )
        }
      >
        <Filters actor={actor} subject={subject} onChange={setAddress} />
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
        empty={
          <EmptyState icon={FileClock} title={isFiltered ? 'No change fits these filters' : 'Nothing was changed yet'}>
            {isFiltered
              ? 'Take a filter away, or write the whole name.'
              : 'Whatever somebody changes here or by the API is written down.'}
          </EmptyState>
        }
      />
      {shown !== undefined && <EntrySheet entry={shown} onClose={() => setAddress({ entry: undefined })} />}
    </Frame>
  );
}

const useEntries = (actor: string, subject: string): Slices<AuditEntry> =>
  useSlices(
    'audit.list',
    { actor, subject },
    {
      first: undefined as string | undefined,
      input: (before) => ({
        query: {
          limit: PAGE_ROWS,
          ...(actor !== '' && { actor }),
          ...(subject !== '' && { subjectType: subject }),
          ...(before !== undefined && { before }),
        },
      }),
      rows: ({ entries }) => entries,
      next: (answer) => answer.next,
    },
  );

interface FiltersProps {
  readonly actor: string;
  readonly subject: string;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

const Filters = ({ actor, subject, onChange }: FiltersProps) => (
  <>
    <SearchInput
      aria-label="Changes by"
      placeholder="Name of who did it"
      className="w-full sm:w-60"
      value={actor}
      onChange={(value) => onChange({ actor: value }, true)}
    />
    <Select
      aria-label="Changes of"
      className="w-full sm:w-44"
      value={subject}
      onChange={(event) => onChange({ subject: event.target.value })}
    >
      <option value="">Everything</option>
      {SUBJECTS.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </Select>
  </>
);
