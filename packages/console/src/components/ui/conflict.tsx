import { isOvertaken, type Failure } from '../../lib/failure.ts';
import { Button } from './button.tsx';
import { JsonView } from './json-view.tsx';

export interface ConflictProps {
  /** What the API answered; shown where somebody else was faster. */
  readonly failure: Failure | undefined;
  /** Takes the other's version into the form. Absent where the form cannot. */
  readonly onReload?: () => void;
}

/** Somebody else has saved meanwhile: what the API tells of the other's version, and a way to take it. Nothing is overwritten. */
export function Conflict({ failure, onReload }: ConflictProps) {
  if (failure === undefined || !isOvertaken(failure)) return null;
  const hasDetails = Object.keys(failure.details).length > 0;
  return (
    <section role="alert" className="grid gap-3 rounded-md border border-warn/40 bg-warn-soft p-3">
      <p className="text-warn">{failure.message}</p>
      {hasDetails && <JsonView value={failure.details} label="The other version" />}
      {onReload !== undefined && (
        <div>
          <Button size="sm" onClick={onReload}>
            Take the other version
          </Button>
        </div>
      )}
    </section>
  );
}
