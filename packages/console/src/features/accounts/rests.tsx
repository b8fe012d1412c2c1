import type { Account } from '@patchbay/contract/resources/account';

import { Button } from '../../components/ui/button.tsx';
import { Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { useAccountActs } from './use-account-acts.ts';
import { reasonWords } from './words.ts';

/** How an account fares is seen within this. */
const REFRESH_MS = 10_000;

/** What keeps an account from being chosen now, for whoever may see the choice; where nobody chooses from it, nothing. */
export function Rests({ of: account }: { readonly of: Account }) {
  const mayRead = useMay('system:config');
  const mayWrite = useMay('accounts:write');
  const { reset } = useAccountActs(account);
  const { data } = useOperation(
    'authManager.account',
    { params: { id: account.id } },
    { everyMs: REFRESH_MS, enabled: mayRead },
  );
  if (data === undefined) return null;
  const rests = [
    ...(data.blocked === undefined ? [] : [[undefined, data.blocked] as const]),
    ...Object.entries(data.models),
  ];
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">When calls choose</h3>
      {rests.length === 0 && <p className="text-sm text-ink-3">It rests for no model: it may be chosen.</p>}
      <ul className="grid">
        {rests.map(([model, { reason, until, probing }]) => (
          <li
            key={model ?? ''}
            className="flex min-h-11 items-center justify-between gap-3 border-b border-line py-1.5 text-sm last:border-0"
          >
            <span className="min-w-0 break-words">
              Rests for {model ?? 'all models'}: {reasonWords(reason)}, <Time at={until} isAge />
              {probing && ', one call tries it now'}
            </span>
            {mayWrite && (
              <Button size="sm" onClick={() => reset(model)}>
                Wake it
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
