import type { Explanation } from '@patchbay/contract/resources/explanation';

import { Badge, Status } from '../../components/ui/badge.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Num } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';

/** How often the answer is asked for anew while it is seen, in milliseconds: accounts cool down and come back. */
const REFRESH_MS = 5000;

/** What a call by a name would meet: where it goes, with which account, and what would refuse it. */
export function Resolved({ name }: { readonly name: string }) {
  const asked = useOperation('explain.request', { body: { model: name } }, { everyMs: REFRESH_MS });
  // The answer before stays while the next is on its way; that of another name would be wrong.
  const told = asked.data?.model === name ? asked.data : undefined;
  if (told === undefined && asked.error !== null)
    return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} className="py-4" />;
  if (told === undefined) return <Skeleton className="h-32" />;
  return (
    <div className="grid gap-3" aria-live="polite">
      {told.refusal !== undefined && (
        <p className="rounded-md border border-bad/30 bg-bad-soft px-3 py-2 text-sm break-words text-bad">
          It would be refused with {told.refusal.status}: <bdi>{told.refusal.message}</bdi>
        </p>
      )}
      {told.targets.map((target, at) => (
        <Target key={`${target.provider_id}/${target.model}`} target={target} place={at + 1} />
      ))}
      <Limits limits={told.limits} />
    </div>
  );
}

type Target = Explanation['targets'][number];

const PRICES: Readonly<Record<Target['price']['state'], string>> = {
  priced: 'price known',
  free: 'free',
  unknown: 'price unknown',
};

const Target = ({ target, place }: { readonly target: Target; readonly place: number }) => (
  <article className="rounded-md border border-line">
    <header className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <span className="numeric text-xs text-ink-3">{place}.</span>
      <span className="min-w-0 flex-1 font-mono text-xs break-all">
        <span className="text-ink-3">{target.provider_id}/</span>
        <bdi>{target.model}</bdi>
      </span>
      <Badge>{PRICES[target.price.state]}</Badge>
    </header>
    <ul>
      {target.accounts.length === 0 && <li className="px-3 py-2 text-sm text-ink-3">It has no account.</li>}
      {target.accounts.map((account) => (
        <li key={account.account_id} className="border-b border-line px-3 py-2 last:border-0">
          <p className="flex flex-wrap items-center gap-2 text-sm">
            <Status tone={account.usable ? 'good' : 'bad'}>
              <bdi className="truncate">{account.label === '' ? account.account_id : account.label}</bdi>
            </Status>
            {account.account_id === target.first_account_id && <Badge tone="accent">first</Badge>}
          </p>
          {account.reasons.map((reason) => (
            <p key={reason} className="mt-0.5 pl-4 text-xs break-words text-ink-2">
              <bdi>{reason}</bdi>
            </p>
          ))}
        </li>
      ))}
    </ul>
  </article>
);

const Limits = ({ limits }: Pick<Explanation, 'limits'>) =>
  limits.length === 0 ? null : (
    <section>
      <h4 className="mb-1 text-xs font-medium text-ink-3">Limits that it counts against</h4>
      <ul className="grid gap-1 text-sm">
        {limits.map(({ scope, name, left }) => (
          <li key={`${scope} ${name}`} className="flex justify-between gap-4">
            <span className="break-words">
              {scope}: {name}
            </span>
            {typeof left === 'number' && (
              <span className="text-ink-2">
                <Num value={left} /> left
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
