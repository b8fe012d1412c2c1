import type { ApiKey } from '@patchbay/contract/resources/api-key';

import { Button } from '../../components/ui/button.tsx';
import { Time } from '../../components/ui/values.tsx';
import { tell } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './use-save-key.ts';

/** Until when the secret before the last rotation works, and a way to end it at once; nothing where it has ended. */
export function OlderSecret({ of: { id, older_ends_at: at } }: { readonly of: ApiKey }) {
  const update = useChange('keys.update', STALE);
  if (at === null || Date.parse(at) <= Date.now()) return null;
  const end = (): void =>
    tell(
      update.mutateAsync({ params: { id }, body: { older_ends_at: null } }),
      'The old secret opens nothing any more.',
    );
  return (
    <p className="flex items-center justify-between gap-3 rounded-md border border-line bg-sunken px-3 py-2 text-sm">
      <span>
        It was rotated: the old secret works, too, until <Time at={at} />.
      </span>
      <Button size="sm" isBusy={update.isPending} onClick={end}>
        End it now
      </Button>
    </p>
  );
}
