import { FormFailure, type FormFailureProps } from '../../components/ui/form-failure.tsx';
import { Suggestions } from './suggestions.tsx';

const SHOWN_BESIDE =
  /^(?:identifier|name|description|authMethod|apiEndpoint|authConfig\.fields\..+|customizations\..+)$/;

export interface WrongProps extends Omit<FormFailureProps, 'shownBeside'> {
  readonly onSuggestion: (identifier: string) => void;
}

/** What no field of a provider's form can show, and identifiers that are free. */
export const Wrong = ({ failure, onSuggestion, ...rest }: WrongProps) =>
  failure === undefined ? null : (
    <div className="grid gap-2 sm:col-span-2">
      <FormFailure failure={failure} shownBeside={SHOWN_BESIDE} {...rest} />
      <Suggestions failure={failure} onChoose={onSuggestion} />
    </div>
  );
