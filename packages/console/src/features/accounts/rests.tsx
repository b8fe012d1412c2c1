import type { Account } from '@patchbay/contract/resources/account';

import { Time } from '../../components/ui/values.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { reasonWords } from './words.ts';

const REFRESH_MS = 2000;

/** What keeps an account from being chosen now, for whoever may see the choice; where nobody chooses from it, nothing. */
export function Rests({ of: { id } }: { readonly of: Account }) {
  const mayRead = useMay('system:config');
  const { data } = useOperation('authManager.account', { params: { id } }, { everyMs: REFRESH_MS, enabled: mayRead });
  if (data === undefined) return null;
  const rests = [
    ...(data.blocked === undefined ? [] : [['all models', data.blocked] as const]),
    ...Object.entries(data.models),
  ];
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">When calls choose</h3>
      <KeyValue
        rows={[
          ...(rests.length === 0 ? [['Rests', 'None: it may be chosen.'] as const] : []),
          ...rests.map(
            ([model, { reason, until, probing }]) =>
              [
                `Rests for ${model}`,
                <span key={model}>
                  {reasonWords(reason)}, <Time at={until} isAge />
                  {probing && ', one call tries it now'}
                </span>,
              ] as const,
          ),
        ]}
      />
    </section>
  );
}
