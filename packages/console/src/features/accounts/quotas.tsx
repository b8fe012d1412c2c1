import type { Account } from '@patchbay/contract/resources/account';
import type { Quota } from '@patchbay/contract/resources/quota';

import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Num, Share, Time, Tokens } from '../../components/ui/values.tsx';
import { tell } from '../../lib/tell.ts';
import { useChange, useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';

const REFRESH_MS = 5000;
const PERCENT = 100;
/** Share of a limit from which it is close. */
const CLOSE = 80;

/** What an account has used of each model since its window began, beside what was learned of its limits. */
export function Quotas({ of: { id } }: { readonly of: Account }) {
  const mayRead = useMay('quotas:read');
  const mayWrite = useMay('quotas:write');
  const { data } = useOperation('quotas.get', { params: { id } }, { everyMs: REFRESH_MS, enabled: mayRead });
  const reset = useChange('quotas.reset', ['quotas.get', 'audit.list']);
  if (data === undefined || data.quotas.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">Quota</h3>
      <ul className="grid gap-3">
        {data.quotas.map((quota) => (
          <li key={quota.model} className="grid gap-1.5 rounded-md border border-line p-3">
            <Line
              of={quota}
              onReset={
                mayWrite
                  ? () =>
                      tell(
                        reset.mutateAsync({ params: { id }, query: { model: quota.model } }),
                        `What was used of ${quota.model} is forgotten.`,
                      )
                  : undefined
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  readonly of: Quota;
  readonly onReset: (() => void) | undefined;
}

const Line = ({ of: quota, onReset }: LineProps) => (
  <>
    <p className="flex items-center justify-between gap-3 text-sm">
      <span className="min-w-0 truncate font-medium">{quota.model}</span>
      {quota.exhausted && <Badge tone="bad">spent</Badge>}
      {!quota.exhausted && quota.passed_over && <Badge tone="warn">passed over</Badge>}
      {!quota.exhausted && !quota.passed_over && quota.percent_used !== null && (
        <Share value={quota.percent_used / PERCENT} />
      )}
    </p>
    {(quota.percent_used !== null || quota.exhausted) && <Bar of={quota} />}
    <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-xs text-ink-3">
      <span>
        <Num value={quota.requests} />
        {quota.est_request_limit !== null && (
          <>
            {' '}
            of about <Num value={quota.est_request_limit} />
          </>
        )}{' '}
        requests
      </span>
      <span>
        <Tokens value={quota.tokens} />
        {quota.est_token_limit !== null && (
          <>
            {' '}
            of about <Tokens value={quota.est_token_limit} />
          </>
        )}{' '}
        tokens
      </span>
      {quota.reset_at !== null && (
        <span>
          starts anew <Time at={quota.reset_at} isAge />
        </span>
      )}
      {quota.est_request_limit === null && <span>limit not learned yet</span>}
      {onReset !== undefined && (
        <Button size="sm" variant="quiet" className="-my-1 ml-auto" onClick={onReset}>
          Forget
        </Button>
      )}
    </p>
  </>
);

function Bar({ of: { model, exhausted, percent_used: percent } }: { readonly of: Quota }) {
  const used = exhausted ? PERCENT : (percent ?? 0);
  const colour = used >= PERCENT ? 'bg-bad' : used >= CLOSE ? 'bg-warn' : 'bg-accent';
  return (
    <div
      role="img"
      aria-label={`${Math.round(used)} % of ${model} used`}
      className="h-1.5 overflow-hidden rounded-full bg-hover"
    >
      <div className={`h-full rounded-full ${colour}`} style={{ width: `${used}%` }} />
    </div>
  );
}
