import type { ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';
import { Skeleton } from './states.tsx';

/** What a row shows in one column. */
export interface CellColumn<Row extends object> {
  readonly id: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'start' | 'end';
}

/** Height of a row, in pixels. */
export const ROW_HEIGHT = 40;
/** Height of a row where more of them are wanted at once, in pixels. */
export const DENSE_ROW_HEIGHT = 30;

// Clipped at the sides alone: what is focused in a cell may have its ring above and below.
const CELL = 'min-w-0 overflow-x-clip px-3 text-ellipsis whitespace-nowrap';

export interface BodyRowProps<Row extends object> {
  readonly id: string;
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly CellColumn<Row>[];
  /** Stands across all columns in the place of cells; absent: the row has cells. */
  readonly wide: ReactNode;
  readonly isOpen: boolean;
  readonly isMarked: boolean;
  /** Widths of the columns, as the grid takes them. */
  readonly template: string;
  /** In pixels, as is `start`, the distance from the top of all rows. */
  readonly height: number;
  readonly start: number;
  readonly onMark: (index: number) => void;
  readonly onOpen: ((row: Row) => void) | undefined;
}

/** One row in its place among all of them. */
export const BodyRow = <Row extends object>(props: BodyRowProps<Row>) => {
  const { id, row, index, columns, wide, isOpen, isMarked, template, height, start, onMark, onOpen } = props;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={onOpen === undefined || wide !== undefined ? undefined : isOpen}
      onClick={({ target, currentTarget }) => {
        onMark(index);
        if (isOwnClick(target, currentTarget)) onOpen?.(row);
      }}
      className={cx(
        'absolute inset-x-0 grid items-center border-b border-line hover:bg-hover/60',
        onOpen !== undefined && 'cursor-pointer',
        wide !== undefined && 'bg-sunken',
        isOpen && 'bg-accent-soft hover:bg-accent-soft',
        isMarked && 'shadow-[inset_2px_0_var(--accent)]',
      )}
      style={{ gridTemplateColumns: template, height, transform: `translateY(${start}px)` }}
    >
      {wide === undefined ? (
        columns.map((column) => (
          <div key={column.id} role="gridcell" className={cx(CELL, column.align === 'end' && 'text-right')}>
            {column.cell(row)}
          </div>
        ))
      ) : (
        <div role="gridcell" aria-colspan={columns.length} className="col-span-full min-w-0 truncate px-3">
          {wide}
        </div>
      )}
    </div>
  );
};

/** Menus and dialogs of a row stand elsewhere in the page, and buttons in it do something of their own. */
const isOwnClick = (target: EventTarget, row: Element): boolean =>
  target instanceof Element && row.contains(target) && target.closest('button, a, input') === null;

interface PendingProps<Row extends object> {
  readonly columns: readonly CellColumn<Row>[];
  readonly template: string;
}

const PENDING_ROWS = 12;
const WIDTHS = ['w-3/4', 'w-1/2', 'w-2/3', 'w-2/5'] as const;

/** Rows of the size to come, while the first are read. */
export const PendingRows = <Row extends object>({ columns, template }: PendingProps<Row>) => (
  <>
    {Array.from({ length: PENDING_ROWS }, (_, row) => (
      <div
        key={row}
        role="row"
        className="grid items-center border-b border-line"
        style={{ gridTemplateColumns: template, height: ROW_HEIGHT }}
      >
        {columns.map((column, at) => (
          <div key={column.id} role="gridcell" className="px-3">
            <Skeleton className={cx('h-3', WIDTHS[(row + at) % WIDTHS.length], column.align === 'end' && 'ml-auto')} />
          </div>
        ))}
      </div>
    ))}
  </>
);
