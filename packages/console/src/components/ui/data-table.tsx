import {
  columnResizingFeature,
  columnSizingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react';

import type { Slices } from '../../lib/use-api.ts';
import { HeaderRow } from './table-header.tsx';
import { ErrorState } from './states.tsx';
import { BodyRow, DENSE_ROW_HEIGHT, PendingRows, ROW_HEIGHT, type CellColumn } from './table-rows.tsx';
import { useRowKeys, type RowKeys } from './use-row-keys.ts';

/** One column. */
export interface Column<Row extends object> extends CellColumn<Row> {
  readonly header: string;
  /** In pixels; what one drags it to comes first. Default 160. */
  readonly width?: number;
  /** True for columns that share what room is left. One should. */
  readonly grows?: boolean;
  /** False: left out below 768 px. */
  readonly onPhones?: boolean;
}

export interface DataTableProps<Row extends object> {
  /** What the rows are: `Users`. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly slices: Slices<Row>;
  readonly rowId: (row: Row) => string;
  /** Opens a row, by click or Enter. */
  readonly onOpen?: (row: Row) => void;
  /** What stands across all columns where a row is the head of others; `undefined` for rows that have cells. */
  readonly wide?: (row: Row) => ReactNode;
  /** Shown where there is no row: an `EmptyState`. */
  readonly empty: ReactNode;
  /** The row that is open beside the table. */
  readonly openId?: string | undefined;
  /** Lower rows, for more of them at once. */
  readonly isDense?: boolean;
  /** Told when the first row comes into sight and when it leaves: rows that are put before it would move the others. */
  readonly onTop?: (isTop: boolean) => void;
}

const features = tableFeatures({ columnSizingFeature, columnResizingFeature });
const NARROW = '(max-width: 767px)';
/** Rows before the end at which the next ones are asked for. */
const AHEAD = 20;

/**
 * A long list: only rows that are seen exist, the next ones are read while one scrolls, columns can be dragged wider.
 * Arrows, Page, Home and End move a mark from row to row; Enter opens. It fills the height that it is given.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { slices, empty } = props;
  const hasRows = slices.rows.length > 0;
  if (slices.error !== null && !hasRows) return <ErrorState error={slices.error} onRetry={slices.refetch} />;
  return slices.isPending || hasRows ? <Grid {...props} /> : <>{empty}</>;
}

function Grid<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, slices, onOpen, isDense = false, onTop } = props;
  const rowHeight = isDense ? DENSE_ROW_HEIGHT : ROW_HEIGHT;
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, hasMore } = slices;
  const { shown, template, minWidth, header } = useColumns(columns);
  const virtual = useRows(rows.length, scroller, rowHeight);
  const items = virtual.getVirtualItems();
  useLoadAhead(slices, items.at(-1)?.index ?? 0);
  const keys = useRowKeys({
    count: rows.length,
    scrollTo: (index) => virtual.scrollToIndex(index),
    onOpen: (index) => openAt(rows, index, onOpen),
  });
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-busy={slices.isFetching}
      tabIndex={0}
      {...(onTop !== undefined && { onScroll: ({ currentTarget }) => onTop(currentTarget.scrollTop < rowHeight) })}
      className="min-h-0 flex-initial overflow-auto rounded-lg border border-line bg-surface shadow-rest focus-visible:-outline-offset-1"
      {...keys.props}
    >
      <div style={{ minWidth }} role="presentation">
        <HeaderRow columns={shown} template={template} sizeOf={header} />
        <div
          role="rowgroup"
          className="relative overflow-y-clip"
          // The line of the last row is that of the table.
          style={{ height: slices.isPending ? undefined : virtual.getTotalSize() - 1 }}
        >
          {slices.isPending && <PendingRows columns={shown} template={template} />}
          <Rows {...props} shown={shown} template={template} height={rowHeight} keys={keys} items={items} />
        </div>
        {slices.error !== null && <ErrorState error={slices.error} onRetry={slices.refetch} className="py-6" />}
      </div>
    </div>
  );
}

interface RowsProps<Row extends object> extends DataTableProps<Row> {
  readonly shown: readonly Column<Row>[];
  readonly template: string;
  readonly height: number;
  readonly keys: RowKeys;
  /** Which rows are seen, and where each begins. */
  readonly items: readonly { readonly index: number; readonly start: number }[];
}

function Rows<Row extends object>(props: RowsProps<Row>) {
  const { slices, rowId, openId, onOpen, wide, shown, template, height, keys, items } = props;
  // While one scrolls, rows that stay in sight are not drawn again.
  const DrawnRow = useMemo(() => memo(BodyRow<Row>), []);
  return items.map(({ index, start }) => {
    const row = slices.rows[index];
    if (row === undefined) return null;
    const id = rowId(row);
    return (
      <DrawnRow
        key={id}
        id={keys.idOf(index)}
        row={row}
        index={index}
        columns={shown}
        wide={wide?.(row)}
        isOpen={openId === id}
        isMarked={keys.active === index}
        template={template}
        height={height}
        start={start}
        onMark={keys.mark}
        onOpen={onOpen}
      />
    );
  });
}

/** Which rows are seen. */
function useRows(count: number, scroller: RefObject<HTMLDivElement | null>, rowHeight: number) {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  return virtual;
}

/** Columns that this window has room for, and how wide each is. */
function useColumns<Row extends object>(columns: readonly Column<Row>[]) {
  const shown = useMemo(
    () => (matchMedia(NARROW).matches ? columns.filter((each) => each.onPhones !== false) : columns),
    [columns],
  );
  const definitions = useMemo(() => shown.map(definitionOf<Row>), [shown]);
  const table = useTable({ features, columns: definitions, data: NO_ROWS, columnResizeMode: 'onChange' });
  const [headers] = table.getHeaderGroups();
  const widths = shown.map((each) => table.getColumn(each.id)?.getSize() ?? each.width ?? 160);
  const template = shown
    .map(({ grows }, at) => (grows === true ? `minmax(${widths[at]}px, 1fr)` : `${widths[at]}px`))
    .join(' ');
  const minWidth = widths.reduce((sum, width) => sum + width, 0);
  return { shown, template, minWidth, header: (at: number) => headers?.headers[at] };
}

/** The table keeps widths alone; which rows there are, the window decides. */
const NO_ROWS: never[] = [];

function useLoadAhead<Row>({ rows, hasMore, loadMore }: Slices<Row>, last: number): void {
  useEffect(() => {
    if (hasMore && rows.length > 0 && last >= rows.length - AHEAD) loadMore();
  }, [hasMore, last, rows.length, loadMore]);
}

const definitionOf = <Row extends object>({
  id,
  header,
  width = 160,
}: Column<Row>): ColumnDef<typeof features, Row> => ({
  id,
  header,
  size: width,
  minSize: Math.min(width, 60),
});

function openAt<Row>(rows: readonly Row[], index: number, onOpen: ((row: Row) => void) | undefined): void {
  const row = rows[index];
  if (row !== undefined) onOpen?.(row);
}
