import { isOvertaken, type Failure } from '../../lib/failure.ts';
import { Conflict } from './conflict.tsx';
import { FormError } from './field.tsx';

export interface FormFailureProps {
  readonly failure: Failure | undefined;
  /** Names of the fields that show by themselves what is wrong with them; a pattern where they are many. */
  readonly shownBeside?: RegExp;
  /** What somebody else saved meanwhile, where it could be read. */
  readonly other?: Readonly<Record<string, unknown>> | undefined;
  /** Takes the other's version into the form. */
  readonly onReload?: () => void;
}

/** What no field of a form shows: the other's version after a conflict, or else the API's sentences. Takes both columns. */
export function FormFailure({ failure, shownBeside, other, onReload }: FormFailureProps) {
  if (failure === undefined) return null;
  if (isOvertaken(failure)) {
    const told = { ...failure, ...(other !== undefined && { details: other }) };
    return (
      <div className="sm:col-span-2">
        <Conflict failure={told} {...(onReload !== undefined && other !== undefined && { onReload })} />
      </div>
    );
  }
  const message = unshownOf(failure, shownBeside);
  return message === undefined ? null : (
    <div className="sm:col-span-2">
      <FormError message={message} />
    </div>
  );
}

/** What no field shows by itself; `undefined` where the fields show all of it. */
function unshownOf({ message, fields }: Failure, shownBeside: RegExp | undefined): string | undefined {
  const names = Object.keys(fields);
  const unshown = names.filter((each) => shownBeside?.test(each) !== true);
  if (unshown.length === names.length) return message;
  return unshown.length === 0 ? undefined : unshown.map((each) => `${each}: ${fields[each]}`).join(' ');
}
