import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { Link } from '@tanstack/react-router';

import { Badge, Status } from '../../components/ui/badge.tsx';
import { Duration, NanoMoney, Tokens } from '../../components/ui/values.tsx';
import { callState, callTone, isRefused } from '../../lib/call-words.ts';
import type { Names } from '../../lib/use-names.ts';
import { LongText } from './long-text.tsx';

export interface AttemptListProps {
  readonly attempts: readonly RequestLog[];
  /** Why each was made or left, in their order. */
  readonly reasons: readonly string[];
  readonly names: Names;
}

/** Who was asked, by which account and proxy, and why each was left. */
export const AttemptList = ({ attempts, reasons, names }: AttemptListProps) => (
  <section>
    <h3 className="mb-2 text-sm font-semibold">
      {attempts.length === 1 ? 'The attempt' : `${attempts.length} attempts`}
    </h3>
    <ol className="divide-y divide-line rounded-md border border-line" aria-label="Attempts">
      {attempts.map((call, at) => (
        <Attempt key={call.id} call={call} reason={reasons[at]} names={names} />
      ))}
    </ol>
  </section>
);

interface AttemptProps {
  readonly call: RequestLog;
  readonly reason: string | undefined;
  readonly names: Names;
}

const Attempt = ({ call, reason, names }: AttemptProps) => (
  <li className="grid gap-1.5 px-3 py-2.5">
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Status tone={callTone(call)} className="numeric">
        {call.status_code ?? ''} {callState(call)}
      </Status>
      <bdi className="min-w-0 truncate font-medium">
        {isRefused(call) ? call.requested_model : `${call.provider_id}/${call.model}`}
      </bdi>
      {call.failure_kind !== null && <Badge tone={callTone(call)}>{call.failure_kind}</Badge>}
      <span className="numeric ml-auto flex gap-3 text-sm text-ink-2">
        {call.input_tokens !== null && (
          <span title="Tokens in and out">
            <Tokens value={call.input_tokens} /> › <Tokens value={call.output_tokens} />
          </span>
        )}
        <NanoMoney value={call.cost_nano_usd} />
        <Duration value={call.latency_ms} />
      </span>
    </div>
    {!isRefused(call) && (
      <p className="flex flex-wrap gap-x-4 text-xs text-ink-3">
        <span>
          Account{' '}
          <Link
            to="/traffic"
            search={{ account: call.account_id ?? '' } as never}
            className="text-ink-2 hover:underline"
          >
            <bdi>{call.account_id ? names.account(call.account_id) : '–'}</bdi>
          </Link>
        </span>
        <span>{call.proxy_id === null ? 'No proxy' : `Proxy ${call.proxy_id}`}</span>
        {call.switched_from_account_id !== null && (
          <span>
            after <bdi>{names.account(call.switched_from_account_id)}</bdi>
          </span>
        )}
      </p>
    )}
    {reason !== undefined && <LongText text={reason} className="text-sm text-ink-2" />}
    {call.error !== null && call.error !== call.failure_kind && (
      <LongText text={call.error} className="font-mono text-xs text-bad" />
    )}
  </li>
);
