import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './words.ts';

/** As many as the API takes at once. */
export const CHOSEN_MAX = 50;

export interface BulkBarProps {
  readonly chosen: ReadonlySet<string>;
  readonly onDone: () => void;
}

/** What can be done with all models that are marked. */
export function BulkBar({ chosen, onDone }: BulkBarProps) {
  const bulk = useChange('models.bulk', STALE);
  const turn = (operation: 'activate' | 'deactivate'): void =>
    bulk.mutate(
      { body: { operation, models: [...chosen].map((id) => ({ id })) } },
      {
        onSuccess: ({ results, summary }) => {
          const word = operation === 'activate' ? 'on' : 'off';
          const refused = results.find(({ ok }) => !ok);
          if (refused === undefined) toast.success(`${summary.succeeded} models are switched ${word}.`);
          else toast.error(`${summary.failed} of ${summary.total} were refused: ${refused.error ?? ''}`);
          onDone();
        },
        onError: (error) => toast.error(failureOf(error).message),
      },
    );
  return (
    <>
      <span>{chosen.size} marked</span>
      <Button size="sm" isBusy={bulk.isPending} onClick={() => turn('activate')}>
        Switch on
      </Button>
      <Button size="sm" isBusy={bulk.isPending} onClick={() => turn('deactivate')}>
        Switch off
      </Button>
      <Button size="sm" variant="quiet" onClick={onDone}>
        Unmark
      </Button>
    </>
  );
}
