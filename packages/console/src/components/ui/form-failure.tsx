import type { Failure } from '../../lib/failure.ts';
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

/** What no field of a form shows: the other's version after a conflict, or else the API's sentence. Takes both columns. */
export function FormFailure({ failure, shownBeside, other, onReload }: FormFailureProps) {
  if (failure === undefined) return null;
  const isBeside = shownBeside !== undefined && Object.keys(failure.fields).some((each) => shownBeside.test(each));
  if (failure.kind !== 'conflict' || isBeside)
    return isBeside ? null : (
      <div className="sm:col-span-2">
        <FormError message={failure.message} />
      </div>
    );
  const told = { ...failure, ...(other !== undefined && { details: other }) };
  return (
    <div className="sm:col-span-2">
      <Conflict failure={told} {...(onReload !== undefined && other !== undefined && { onReload })} />
    </div>
  );
}
