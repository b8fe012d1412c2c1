import { FormError } from '../../components/ui/field.tsx';
import type { Failure } from '../../lib/failure.ts';

/** More of them would not be read. */
const SHOWN = 20;

export interface TrialFailureProps {
  readonly failure: Failure | undefined;
  /** Name of the field that says by itself what is wrong with it. */
  readonly shownBeside: string;
}

/** Why nothing was done, in the API's words, with each place that it names. */
export function TrialFailure({ failure, shownBeside }: TrialFailureProps) {
  if (failure === undefined || failure.fields[shownBeside] !== undefined) return null;
  const fields = Object.entries(failure.fields).filter(([, said]) => said !== failure.message);
  return (
    <div className="grid gap-2 sm:col-span-2">
      <FormError message={failure.message} />
      {fields.length > 1 && (
        <ul className="grid gap-1 text-xs text-bad">
          {fields.slice(0, SHOWN).map(([field, said]) => (
            <li key={field} className="break-words">
              <span className="font-mono">{field}</span>: <bdi>{said}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
