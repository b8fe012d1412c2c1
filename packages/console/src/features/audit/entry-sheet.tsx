import type { AuditEntry } from '@patchbay/contract/resources/system';

import { JsonView } from '../../components/ui/json-view.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Time } from '../../components/ui/values.tsx';

export interface EntrySheetProps {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
}

/** One change with all that is known of it. */
export const EntrySheet = ({ entry, onClose }: EntrySheetProps) => (
  <Sheet isOpen onClose={onClose} title={entry.action}>
    <div className="grid gap-5 p-4">
      <KeyValue
        rows={[
          ['Time', <Time key="time" at={entry.timestamp} />],
          ['Who', entry.actorName],
          ['On', `${entry.subjectType} ${entry.subjectId ?? ''}`],
          ['From', entry.peer],
          [
            'Request',
            <span key="id" className="font-mono text-xs break-all">
              {entry.requestId}
            </span>,
          ],
        ]}
      />
      {entry.before !== undefined && <State title="Before" value={entry.before} />}
      {entry.after !== undefined && <State title="After" value={entry.after} />}
    </div>
  </Sheet>
);

const State = ({ title, value }: { readonly title: string; readonly value: object }) => (
  <section>
    <h3 className="mb-1.5 text-xs font-medium text-ink-3">{title}</h3>
    <JsonView value={value} label={title} />
  </section>
);
