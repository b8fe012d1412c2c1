import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { Columns3, Download, Pause, Play } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import type { Column } from '../../components/ui/data-table.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import type { LogFilters } from './filters.ts';
import { USUAL_COLUMNS } from './columns.tsx';
import type { Look } from './use-look.ts';

export interface ViewMenuProps {
  readonly columns: readonly Column<RequestLog>[];
  readonly look: Look;
  readonly onLook: (change: Partial<Look>) => void;
}

/** Which columns, and how many rows there is room for. */
export const ViewMenu = ({ columns, look, onLook }: ViewMenuProps) => (
  <Menu
    heading="Columns"
    trigger={
      <Button icon={<Columns3 aria-hidden />} aria-label="View: columns and density">
        <span className="max-sm:hidden">View</span>
      </Button>
    }
    groups={[
      columns.map(({ id, header }) => ({
        label: header,
        isChecked: look.columns.includes(id),
        isDisabled: id === 'time' || id === 'model',
        onSelect: () => onLook({ columns: toggled(look.columns, id) }),
      })),
      [
        { label: 'Dense rows', isChecked: look.isDense, onSelect: () => onLook({ isDense: !look.isDense }) },
        { label: 'Usual columns', onSelect: () => onLook({ columns: USUAL_COLUMNS }) },
      ],
    ]}
  />
);

const toggled = (columns: readonly string[], id: string): readonly string[] =>
  columns.includes(id) ? columns.filter((each) => each !== id) : [...columns, id];

/** The calls that the filters leave, as a file. The browser asks for it by itself and writes it as it comes. */
export const ExportButton = ({ filters }: { readonly filters: LogFilters }) => (
  <Button asChild>
    <a
      href={`/api/v1/logs/export?${new URLSearchParams(filters).toString()}`}
      download="calls.csv"
      aria-label="Export as CSV"
    >
      <Download aria-hidden />
      <span className="max-sm:hidden">CSV</span>
    </a>
  </Button>
);

export interface LiveButtonProps {
  readonly isLive: boolean;
  readonly onChange: (isLive: boolean) => void;
}

/** Lets the log grow by itself, or stand still. */
export const LiveButton = ({ isLive, onChange }: LiveButtonProps) => (
  <Button
    aria-label={isLive ? 'Pause the live calls' : 'Go live: show calls as they end'}
    icon={isLive ? <Pause aria-hidden /> : <Play aria-hidden />}
    onClick={() => onChange(!isLive)}
  >
    <span className="max-sm:hidden">{isLive ? 'Pause' : 'Go live'}</span>
  </Button>
);
