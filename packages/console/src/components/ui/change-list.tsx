import { changesBetween } from '../../lib/changes-between.ts';

export interface ChangeListProps {
  /** What the changes are of, for those who do not see it: `Changes of openai`. */
  readonly label: string;
  /** Absent: it was not there. */
  readonly before: unknown;
  /** Absent: it has gone. */
  readonly after: unknown;
  /** Said where nothing that is shown differs. */
  readonly none?: string;
}

/** Texts that are longer are shown in part; all of it on hover. */
const SHOWN = 200;

/** What differs between two states, member by member: what it was, struck through, and what it is. */
export function ChangeList({ label, before, after, none = 'Nothing that can be shown differs.' }: ChangeListProps) {
  const changes = changesBetween(before, after);
  if (changes.length === 0) return <p className="text-xs text-ink-3">{none}</p>;
  return (
    <dl aria-label={label} className="grid gap-x-4 gap-y-1 text-xs sm:grid-cols-[minmax(8rem,auto)_minmax(0,1fr)]">
      {changes.map((each) => (
        <div key={each.field} className="grid gap-x-4 sm:col-span-2 sm:grid-cols-subgrid">
          <dt className="font-mono break-all text-ink-3">{each.field}</dt>
          <dd className="min-w-0 font-mono break-words">
            {each.before !== undefined && <State value={each.before} isGone />}
            {each.before !== undefined && each.after !== undefined && <span className="text-ink-3"> → </span>}
            {each.after !== undefined && <State value={each.after} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function State({ value, isGone = false }: { readonly value: unknown; readonly isGone?: boolean }) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const shown = text === '' ? '“”' : text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  const title = text.length > SHOWN ? text : undefined;
  return isGone ? (
    <del className="text-bad" title={title}>
      <bdi>{shown}</bdi>
    </del>
  ) : (
    <ins className="text-good no-underline" title={title}>
      <bdi>{shown}</bdi>
    </ins>
  );
}
