import { Button } from '../../components/ui/button.tsx';
import type { Failure } from '../../lib/failure.ts';

const IDENTIFIER = /^[a-z0-9][a-z0-9-]{1,49}$/;

/** Identifiers that are free, where the one that was written is not. */
export const Suggestions = ({
  failure,
  onChoose,
}: {
  readonly failure: Failure;
  readonly onChoose: (identifier: string) => void;
}) => (
  <div className="flex flex-wrap gap-2 empty:hidden">
    {failure.suggestions
      .filter((each) => IDENTIFIER.test(each))
      .map((each) => (
        <Button key={each} size="sm" onClick={() => onChoose(each)}>
          Take {each}
        </Button>
      ))}
  </div>
);
