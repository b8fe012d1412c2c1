import { cx } from '../../lib/cx.ts';

interface Resizable {
  readonly getResizeHandler: () => (event: unknown) => void;
  readonly column: { readonly getIsResizing: () => boolean; readonly resetSize: () => void };
}

interface HeaderRowProps {
  readonly columns: readonly { readonly id: string; readonly header: string; readonly align?: 'start' | 'end' }[];
  /** `grid-template-columns` of every row. */
  readonly template: string;
  readonly sizeOf: (at: number) => Resizable | undefined;
}

/** Names of the columns, which stay while one scrolls, with edges to drag; a double click undoes that. */
export const HeaderRow = ({ columns, template, sizeOf }: HeaderRowProps) => (
  <div role="rowgroup" className="sticky top-0 z-10 bg-sunken">
    <div
      role="row"
      aria-rowindex={1}
      className="grid h-9 items-center border-b border-line"
      style={{ gridTemplateColumns: template }}
    >
      {columns.map((column, at) => {
        const size = sizeOf(at);
        return (
          <div
            key={column.id}
            role="columnheader"
            className={cx(
              'group relative min-w-0 truncate px-3 text-xs font-medium text-ink-3',
              column.align === 'end' && 'text-right',
            )}
          >
            {column.header}
            {size !== undefined && (
              <span
                aria-hidden
                onMouseDown={size.getResizeHandler()}
                onTouchStart={size.getResizeHandler()}
                onDoubleClick={() => size.column.resetSize()}
                className={cx(
                  'absolute top-0 right-0 h-full w-1.5 cursor-col-resize touch-none select-none group-hover:bg-line-strong/60',
                  size.column.getIsResizing() && 'bg-accent!',
                )}
              />
            )}
          </div>
        );
      })}
    </div>
  </div>
);
