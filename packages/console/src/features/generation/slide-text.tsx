import type { Slide } from '@patchbay/contract/resources/generation';

import { cx } from '../../lib/cx.ts';

type Column = string | readonly string[];

export interface SlideTextProps {
  readonly slide: Slide;
  /** Larger, for a slide that is looked at alone. */
  readonly isLarge?: boolean;
}

/** Title and content of a slide, laid out as its template says. */
export function SlideText({ slide: { title, template, content }, isLarge = false }: SlideTextProps) {
  const isSection = template === 'sectionHeader';
  const columns: readonly Column[] = isColumns(content) ? [content.leftColumn, content.rightColumn] : [content];
  return (
    <div
      className={cx(
        'flex min-w-0 flex-1 flex-col',
        isLarge ? 'gap-5 p-8' : 'gap-2 p-4',
        isSection && 'justify-center text-center',
      )}
      dir="auto"
    >
      <h3 className={cx('font-semibold break-words', isLarge ? 'text-2xl' : isSection ? 'text-lg' : 'text-base')}>
        {title}
      </h3>
      <div
        className={cx('grid gap-4 text-ink-2', isLarge ? 'text-lg' : 'text-sm', columns.length > 1 && 'grid-cols-2')}
      >
        {columns.map((column, at) => (
          // Two at most, and they never change places.
          // oxlint-disable-next-line no-array-index-key
          <ColumnText key={at} column={column} />
        ))}
      </div>
    </div>
  );
}

const isColumns = (content: Slide['content']): content is Exclude<Slide['content'], string | string[]> =>
  typeof content === 'object' && !Array.isArray(content);

const ColumnText = ({ column }: { readonly column: Column }) =>
  typeof column === 'string' ? (
    <p className="min-w-0 break-words">{column}</p>
  ) : (
    <ul className="grid min-w-0 list-disc content-start gap-1 pl-4">
      {column.map((each) => (
        <li key={each} className="break-words">
          {each}
        </li>
      ))}
    </ul>
  );
