import type { AuditEntry } from '@patchbay/contract/resources/system';
import { Link } from '@tanstack/react-router';

import { Button } from '../../components/ui/button.tsx';
import { ChangeList } from '../../components/ui/change-list.tsx';
import { JsonView } from '../../components/ui/json-view.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Time } from '../../components/ui/values.tsx';
import { placeOf } from '../../lib/places.ts';

/** What the list is narrowed to from here. */
export interface NarrowedTo {
  readonly actor?: string;
  readonly subject?: string;
  readonly thing?: string;
}

export interface EntrySheetProps {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
  readonly onNarrow: (to: NarrowedTo) => void;
}

/** One change with all that is known of it: what it was, what it is, and where it stands. */
export const EntrySheet = ({ entry, onClose, onNarrow }: EntrySheetProps) => {
  const { action, actorName, subjectType, subjectId } = entry;
  return (
    <Sheet isOpen onClose={onClose} title={action} size="lg">
      <div className="grid gap-5 p-4">
        <KeyValue
          rows={[
            ['Time', <Time key="time" at={entry.timestamp} />],
            ['Who', actorName],
            ['On', <Subject key="on" of={entry} />],
            ['From', entry.peer],
            [
              'Request',
              <span key="id" className="font-mono text-xs break-all">
                {entry.requestId}
              </span>,
            ],
          ]}
        />
        <Difference of={entry} />
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => onNarrow({ actor: actorName })}>
            All by {actorName}
          </Button>
          {subjectId !== undefined && (
            <Button size="sm" onClick={() => onNarrow({ subject: subjectType, thing: subjectId })}>
              All of this {subjectType}
            </Button>
          )}
        </div>
      </div>
    </Sheet>
  );
};

/** A link to the thing, unless this change was its end. */
function Subject({ of: { subjectType: type, subjectId: id, before, after } }: { readonly of: AuditEntry }) {
  const place = before !== undefined && after === undefined ? undefined : placeOf(type, id);
  const named = (
    <>
      {type} <span className="font-mono text-xs break-all text-ink-3">{id}</span>
    </>
  );
  if (place === undefined || id === undefined) return named;
  return (
    <Link to={place.to} search={place.search as never} className="text-accent underline-offset-2 hover:underline">
      {named}
    </Link>
  );
}

function Difference({ of: { before, after, subjectType } }: { readonly of: AuditEntry }) {
  if (before === undefined && after === undefined) return null;
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">
        {before === undefined ? 'What it is' : after === undefined ? 'What it was' : 'What changed'}
      </h3>
      <ChangeList
        label={`Changes of the ${subjectType}`}
        before={before}
        after={after}
        none="Nothing that can be shown differs: a secret, perhaps."
      />
      <details>
        <summary className="cursor-pointer text-xs text-ink-3 hover:text-ink">As it was written down</summary>
        <div className="mt-2 grid gap-3">
          {before !== undefined && <State title="Before" value={before} />}
          {after !== undefined && <State title="After" value={after} />}
        </div>
      </details>
    </section>
  );
}

const State = ({ title, value }: { readonly title: string; readonly value: object }) => (
  <div>
    <h4 className="mb-1.5 text-xs font-medium text-ink-3">{title}</h4>
    <JsonView value={value} label={title} />
  </div>
);
