import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { CornerDownRight } from 'lucide-react';

import { Badge, Status } from '../../components/ui/badge.tsx';
import type { Column } from '../../components/ui/data-table.tsx';
import { Duration, NanoMoney, Time, Tokens } from '../../components/ui/values.tsx';
import { callState, callTone, isRefused } from '../../lib/call-words.ts';
import type { Names } from '../../lib/use-names.ts';

/** Columns that are shown until somebody chooses others. */
export const USUAL_COLUMNS = ['time', 'outcome', 'model', 'account', 'key', 'tokens', 'cost', 'first', 'latency'];

const Model = ({ call }: { readonly call: RequestLog }) => (
  <span className="flex min-w-0 items-center gap-1.5" title={call.error ?? call.requested_model}>
    {call.attempt > 1 && (
      <>
        <CornerDownRight className="size-3.5 shrink-0 text-ink-3" aria-hidden />
        <Badge>try {call.attempt}</Badge>
      </>
    )}
    <bdi className="truncate">
      {!isRefused(call) && <span className="text-ink-3 max-sm:hidden">{call.provider_id}/</span>}
      {call.model}
    </bdi>
    {call.error !== null && (
      <bdi className="min-w-0 flex-1 truncate text-xs text-ink-3 max-sm:hidden">{call.error}</bdi>
    )}
  </span>
);

const Faint = ({ text }: { readonly text: string | number | null | undefined }) => (
  <bdi className="text-ink-2" title={text === null || text === undefined ? undefined : String(text)}>
    {text ?? '–'}
  </bdi>
);

/** Every column that there is, in its order. */
export const columnsOf = (names: Names, isNarrow = false): readonly Column<RequestLog>[] => [
  ...identity(names, isNarrow),
  ...MEASURES,
  {
    id: 'latency',
    header: 'Latency',
    width: isNarrow ? 76 : 90,
    align: 'end',
    cell: ({ latency_ms: ms }) => <Duration value={ms} />,
  },
  ...BESIDES,
];

/** When it was, how it came out, where it went and whose it was. */
const identity = (names: Names, isNarrow: boolean): readonly Column<RequestLog>[] => [
  {
    id: 'time',
    header: 'Time',
    width: isNarrow ? 84 : 116,
    cell: ({ created_at: at }) => <Time at={at} isAge={isNarrow} className="text-ink-2" />,
  },
  {
    id: 'outcome',
    header: isNarrow ? 'Status' : 'Outcome',
    width: isNarrow ? 74 : 118,
    cell: (call) => (
      <Status tone={callTone(call)} className="numeric">
        {call.status_code ?? ''} {!isNarrow && <span className="text-ink-3">{callState(call)}</span>}
      </Status>
    ),
  },
  { id: 'model', header: 'Model', width: isNarrow ? 90 : 240, grows: true, cell: (call) => <Model call={call} /> },
  {
    id: 'account',
    header: 'Account',
    width: 140,
    onPhones: false,
    cell: ({ account_id: id }) => <Faint text={id && names.account(id)} />,
  },
  {
    id: 'key',
    header: 'Key',
    width: 130,
    onPhones: false,
    cell: ({ key_id: id }) => <Faint text={id && names.key(id)} />,
  },
];

const MEASURES: readonly Column<RequestLog>[] = [
  {
    id: 'tokens',
    header: 'Tokens',
    width: 110,
    align: 'end',
    onPhones: false,
    cell: ({ input_tokens: input, output_tokens: output }) =>
      input === null && output === null ? (
        <span className="text-ink-3">–</span>
      ) : (
        <>
          <Tokens value={input} className="text-ink-3" /> <span className="text-ink-3">›</span>{' '}
          <Tokens value={output} />
        </>
      ),
  },
  {
    id: 'cost',
    header: 'Cost',
    width: 90,
    align: 'end',
    onPhones: false,
    cell: ({ cost_nano_usd: nano }) => <NanoMoney value={nano} />,
  },
  {
    id: 'first',
    header: 'First token',
    width: 92,
    align: 'end',
    onPhones: false,
    cell: ({ first_token_ms: ms }) => <Duration value={ms} className="text-ink-2" />,
  },
];

/** What is seldom looked for. */
const BESIDES: readonly Column<RequestLog>[] = [
  { id: 'route', header: 'Route', width: 180, onPhones: false, cell: ({ route }) => <Faint text={route} /> },
  { id: 'proxy', header: 'Proxy', width: 80, onPhones: false, cell: ({ proxy_id: id }) => <Faint text={id} /> },
  {
    id: 'stream',
    header: 'Streamed',
    width: 84,
    onPhones: false,
    cell: ({ stream }) => <Faint text={stream ? 'yes' : 'no'} />,
  },
  {
    id: 'request',
    header: 'Request',
    width: 300,
    onPhones: false,
    cell: ({ request_id: id }) => <span className="font-mono text-xs text-ink-2">{id}</span>,
  },
];
