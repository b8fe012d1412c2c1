import type { ConfigEntry } from '@patchbay/contract/resources/system';
import { Settings2 } from 'lucide-react';

import { Badge } from '../../components/ui/badge.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { NameFilter } from '../../components/ui/filters.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Num } from '../../components/ui/values.tsx';
import { wholeList } from '../../lib/slice-shapes.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useOperation, type Slices } from '../../lib/use-api.ts';
import { SettingSheet } from './setting-sheet.tsx';
import { shownValue, SOURCES } from './words.ts';
import { Running } from './running.tsx';

const COLUMNS: readonly Column<ConfigEntry>[] = [
  {
    id: 'name',
    header: 'Setting',
    width: 170,
    grows: true,
    cell: ({ name }) => (
      <span className="font-mono text-xs" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'value',
    header: 'Value',
    width: 150,
    grows: true,
    cell: ({ value }) => (
      <span className="font-mono text-xs text-ink-2" title={shownValue(value)}>
        {shownValue(value)}
      </span>
    ),
  },
  {
    id: 'source',
    header: 'From',
    width: 130,
    onPhones: false,
    cell: ({ source }) => <Badge tone={source === 'default' ? 'neutral' : 'accent'}>{SOURCES[source]}</Badge>,
  },
  {
    id: 'about',
    header: 'What it is',
    width: 460,
    grows: true,
    onPhones: false,
    cell: ({ description }) => (
      <span className="text-ink-2" title={description}>
        {description}
      </span>
    ),
  },
];

const VIEWS = [
  { value: 'all', label: 'All' },
  { value: 'set', label: 'Set here' },
  { value: 'running', label: 'While it runs' },
] as const;

/** Every setting: its value, where that comes from and what it means. */
export function Page() {
  const [{ search = '', view: asked, setting: openName }, setAddress] = useAddress();
  const view = VIEWS.find(({ value }) => value === asked)?.value ?? 'all';
  const slices = useSettings(search, view === 'set');
  const open = slices.rows.find(({ name }) => name === openName);
  return (
    <Frame fills>
      <PageHeader
        title="Settings"
        description="What each value is and where it comes from. They are read at the start: from the environment, then .env, then config.yaml."
      />
      <Toolbar
        end={
          view !== 'running' &&
          slices.rows.length > 0 && (
            <>
              <Num value={slices.rows.length} /> settings
            </>
          )
        }
      >
        <Segments
          label="Which settings"
          value={view}
          onChange={(value) => setAddress({ view: value === 'all' ? undefined : value })}
          choices={VIEWS}
        />
        {view !== 'running' && (
          <NameFilter
            label="Settings like"
            placeholder="Name or meaning"
            value={search}
            onChange={(value) => setAddress({ search: value }, true)}
          />
        )}
      </Toolbar>
      {view === 'running' ? (
        <Running />
      ) : (
        <DataTable
          label="Settings"
          columns={COLUMNS}
          slices={slices}
          rowId={({ name }) => name}
          openId={openName}
          onOpen={({ name }) => setAddress({ setting: name })}
          empty={
            <EmptyState icon={Settings2} title="No setting fits">
              Look for another word, or show all of them.
            </EmptyState>
          }
        />
      )}
      {open !== undefined && <SettingSheet setting={open} onClose={() => setAddress({ setting: undefined })} />}
    </Frame>
  );
}

/** All of them come at once: they are narrowed here. */
function useSettings(search: string, isSetOnly: boolean): Slices<ConfigEntry> {
  const asked = useOperation('system.config');
  const wanted = search.trim().toLowerCase();
  const rows = (asked.data?.data.settings ?? []).filter(
    ({ name, description = '', source }) =>
      (!isSetOnly || source !== 'default') && `${name} ${description}`.toLowerCase().includes(wanted),
  );
  return wholeList(rows, asked);
}
