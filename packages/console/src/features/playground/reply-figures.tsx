import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { Duration, NanoMoney, Num, Tokens } from '../../components/ui/values.tsx';
import { keyOf, useApi } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { isOpen, type Reply } from './conversation.ts';

/** The log is written a moment after the answer. */
const LOOK_AGAIN_MS = 1000;
const LOOKS_MAX = 10;
const SECOND_MS = 1000;
/** Whatever came within less came at once: a pace of it says nothing. */
const SPAN_MIN_MS = 100;

/** How long it took, what it used and what it cost. Times are this page's, the cost is the log's. */
export const ReplyFigures = ({ reply }: { readonly reply: Reply }) => (
  <dl className="numeric flex flex-wrap items-center gap-x-4 gap-y-1">
    <Figure name="TTFT" title="Time to the first token">
      <Duration value={reply.firstMs} />
    </Figure>
    <Figure name="Total">
      <Duration value={reply.tookMs} />
    </Figure>
    <Figure name="Tokens" title="Read and written">
      <Tokens value={reply.inputTokens} /> → <Tokens value={reply.outputTokens} />
    </Figure>
    <Figure name="Tokens/s" title="Written after the first one">
      <Num value={paceOf(reply)} />
    </Figure>
    <Figure name="Cost">
      <Cost id={isOpen(reply) ? undefined : reply.requestId} />
    </Figure>
  </dl>
);

interface FigureProps {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}

const Figure = ({ name, title, children }: FigureProps) => (
  <div className="flex gap-1.5" title={title}>
    <dt>{name}</dt>
    <dd className="text-ink-2">{children}</dd>
  </div>
);

/** All attempts of a call together, as the log has them. */
function Cost({ id = '' }: { readonly id?: string | undefined }) {
  const api = useApi();
  const mayRead = useMay('logs:read');
  const query = { request_id: id, limit: 50 };
  const { data } = useQuery({
    queryKey: keyOf('requestLogs.list', { query, of: 'playground' }),
    queryFn: ({ signal }) => api.call('requestLogs.list', { query, signal }),
    enabled: mayRead && id !== '',
    refetchInterval: ({ state }) =>
      (state.data?.logs.length ?? 0) > 0 || state.dataUpdateCount >= LOOKS_MAX ? false : LOOK_AGAIN_MS,
  });
  const known = (data?.logs ?? []).flatMap(({ cost_nano_usd: cost }) => (cost === null ? [] : [cost]));
  return <NanoMoney value={known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0)} />;
}

/** Written tokens a second, from the first one on; `undefined` where that is not known. */
function paceOf({ firstMs, tookMs, outputTokens }: Reply): number | undefined {
  if (firstMs === undefined || tookMs === undefined || outputTokens === undefined) return undefined;
  const spanMs = tookMs - firstMs;
  return spanMs < SPAN_MIN_MS ? undefined : Math.round((outputTokens * SECOND_MS) / spanMs);
}
