import type { RetoldRequest } from '@patchbay/contract/resources/explanation';
import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { SearchX } from 'lucide-react';

import { Badge, Status } from '../../components/ui/badge.tsx';
import { ErrorState, EmptyState, Skeleton } from '../../components/ui/states.tsx';
import { Tabs } from '../../components/ui/tabs.tsx';
import { callTone } from '../../lib/call-words.ts';
import { failureOf } from '../../lib/failure.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useOperation } from '../../lib/use-api.ts';
import { useNames } from '../../lib/use-names.ts';
import { Advice } from './advice.tsx';
import { AttemptList } from './attempt-list.tsx';
import { CallFacts } from './call-facts.tsx';
import { CostTable } from './cost-table.tsx';
import { Replay } from './replay.tsx';
import { WaterfallView } from './waterfall-view.tsx';
import { Wires } from './wires.tsx';

/** Attempts of one request. */
const ATTEMPTS_MAX = 100;

/** Everything that is known of one request. */
export function CallDetail({ id }: { readonly id: string }) {
  const [{ tab = 'course' }, setAddress] = useAddress();
  const told = useOperation('requestLogs.retell', { params: { request_id: id } });
  const listed = useOperation('requestLogs.list', { query: { request_id: id, limit: ATTEMPTS_MAX } });
  const error = told.error ?? listed.error;
  if (error !== null && failureOf(error).kind === 'not-found') return <NotKept message={failureOf(error).message} />;
  if (error !== null)
    return <ErrorState error={error} onRetry={() => void Promise.all([told.refetch(), listed.refetch()])} />;
  if (told.data === undefined || listed.data === undefined || told.data.request_id !== id) return <Pending />;
  const attempts = listed.data.logs.toReversed();
  const last = attempts.at(-1);
  if (last === undefined) return <NotKept message="Its rows are gone from the log." />;
  return (
    <div className="grid gap-5 p-4 sm:p-5">
      <Summary last={last} summary={told.data.summary} />
      <Advice advice={told.data.advice} />
      <Tabs
        label="Parts of the call"
        value={tab}
        onChange={(value) => setAddress({ tab: value === 'course' ? undefined : value }, true)}
        tabs={[
          {
            value: 'course',
            label: 'Course',
            content: <Course attempts={attempts} told={told.data} />,
          },
          { value: 'wires', label: 'Wires', content: <Wires id={id} /> },
          { value: 'replay', label: 'Replay', content: <Replay id={id} call={last} /> },
        ]}
      />
    </div>
  );
}

const Summary = ({ last, summary }: { readonly last: RequestLog; readonly summary: string }) => (
  <div className="grid gap-1">
    <p className="flex flex-wrap items-center gap-2">
      <Status tone={callTone(last)} className="numeric font-medium">
        {last.status_code ?? last.state}
      </Status>
      <Badge>{last.route}</Badge>
      {last.stream && <Badge>streamed</Badge>}
      {last.express && <Badge>passed as it was</Badge>}
    </p>
    <p className="text-base wrap-anywhere">
      <bdi>{summary}</bdi>
    </p>
  </div>
);

interface CourseProps {
  readonly attempts: readonly RequestLog[];
  readonly told: RetoldRequest;
}

function Course({ attempts, told: { request_id: id, losses, attempts: reasons } }: CourseProps) {
  const names = useNames();
  const trace = useOperation('debug.trace', { params: { id } });
  return (
    <div className="grid gap-6">
      <WaterfallView attempts={attempts} trace={trace.data?.steps} names={names} />
      <AttemptList attempts={attempts} reasons={reasons.map(({ told }) => told)} names={names} />
      <CostTable attempts={attempts} />
      {losses.length > 0 && (
        <section>
          <h3 className="mb-2 text-sm font-semibold">Lost in translation</h3>
          <ul className="grid gap-1 rounded-md border border-line bg-sunken px-3 py-2">
            {losses.map((loss) => (
              <li key={loss} className="text-sm wrap-anywhere">
                <bdi>{loss}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
      <CallFacts call={attempts.at(-1)} names={names} />
    </div>
  );
}

const NotKept = ({ message }: { readonly message: string }) => (
  <EmptyState icon={SearchX} title="This request is not in the log">
    <span className="break-words">{message}</span>
  </EmptyState>
);

const Pending = () => (
  <div className="grid gap-4 p-5" aria-busy>
    <Skeleton className="h-5 w-40" />
    <Skeleton className="h-6 w-4/5" />
    <Skeleton className="mt-3 h-28 w-full" />
    <Skeleton className="h-40 w-full" />
  </div>
);
