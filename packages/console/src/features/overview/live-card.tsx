import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';

import { Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Duration, Time } from '../../components/ui/values.tsx';
import { callTone, isRefused } from '../../lib/call-words.ts';
import { cx } from '../../lib/cx.ts';
import { useOperation } from '../../lib/use-api.ts';
import { useLiveCalls } from '../../lib/use-live-calls.ts';

const SHOWN = 9;
const FOLLOWED = {};

/** Calls as they end, the newest first. */
export function LiveCard() {
  const { state, calls } = useLiveCalls(FOLLOWED);
  const before = useOperation('requestLogs.list', { query: { limit: SHOWN } });
  const shown = [...new Map([...calls, ...(before.data?.logs ?? [])].map((each) => [each.id, each])).values()];
  const isPending = before.data === undefined && before.error === null;
  return (
    <Card
      title="Calls"
      isPadded={false}
      hint={<LiveSign isLive={state === 'live'} />}
      actions={
        <Button asChild variant="quiet" size="sm" className="-mr-2">
          <Link to="/traffic">
            All calls
            <ArrowRight aria-hidden />
          </Link>
        </Button>
      }
    >
      {before.error !== null && shown.length === 0 && (
        <ErrorState error={before.error} onRetry={() => void before.refetch()} className="py-8" />
      )}
      <ul className="divide-y divide-line" aria-label="Latest calls">
        {isPending &&
          Array.from({ length: SHOWN }, (_, at) => (
            <li key={at} className="px-4 py-2">
              <Skeleton className="my-0.5 h-4 w-3/4" />
            </li>
          ))}
        {shown.slice(0, SHOWN).map((call) => (
          <Call key={call.id} call={call} />
        ))}
      </ul>
      {!isPending && before.error === null && shown.length === 0 && (
        <p className="px-4 py-8 text-center text-ink-3">No call yet. The next one appears here as it ends.</p>
      )}
    </Card>
  );
}

const LiveSign = ({ isLive }: { readonly isLive: boolean }) => (
  <span className="inline-flex items-center gap-1.5" role="status">
    <span className={cx('size-1.5 rounded-full', isLive ? 'animate-breathe bg-good' : 'bg-ink-3')} aria-hidden />
    {isLive ? 'live' : 'connecting'}
  </span>
);

const Call = ({ call }: { readonly call: RequestLog }) => (
  <li>
    <Link
      to="/traffic/$id"
      params={{ id: call.request_id } as never}
      title={call.error ?? call.request_id}
      className="grid grid-cols-[3.75rem_minmax(0,1fr)_auto_4.5rem] items-center gap-3 px-4 py-2 hover:bg-hover/60 focus-visible:-outline-offset-1"
    >
      <Status tone={callTone(call)} className="numeric">
        {call.status_code ?? '–'}
      </Status>
      <span className="truncate">
        {!isRefused(call) && <span className="text-ink-3">{call.provider_id}/</span>}
        {call.model}
      </span>
      <Duration value={call.latency_ms} className="text-ink-2" />
      <Time at={call.created_at} isAge className="text-right text-xs text-ink-3" />
    </Link>
  </li>
);
