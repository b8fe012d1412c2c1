import type { Account } from '@patchbay/contract/resources/account';

import { Button } from '../../components/ui/button.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { PhaseList } from '../../components/ui/phase-list.tsx';
import { Num } from '../../components/ui/values.tsx';
import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';

/** Asks the provider with one account, on its own way out, and tells how far that came. */
export function AccountTest({ of: { id } }: { readonly of: Account }) {
  const test = useChange('accounts.test');
  const { data, isPending, error } = test;
  return (
    <section className="grid gap-3">
      <header className="flex items-center justify-between gap-3">
        <h3 className="text-sm font-semibold">Test</h3>
        <Button size="sm" isBusy={isPending} onClick={() => test.mutate({ params: { id } })}>
          Test it now
        </Button>
      </header>
      {error === null ? (
        <PhaseList test={data && phasedOf(data)} isRunning={isPending} />
      ) : (
        <FormError message={failureOf(error).message} />
      )}
      {data?.success === true && data.available_models.length > 0 && !isPending && (
        <p className="text-xs text-ink-3">
          It may use <Num value={data.available_models.length} />{' '}
          {data.available_models.length === 1 ? 'model' : 'models'}.
        </p>
      )}
    </section>
  );
}

const phasedOf = (test: Answer<'accounts.test'>) => ({
  success: test.success,
  responseTime: test.response_time_ms,
  errors: test.errors,
  testedAt: test.tested_at,
  phases: test.phases.map(({ duration_ms: durationMs, ...phase }) => ({ ...phase, durationMs })),
});
