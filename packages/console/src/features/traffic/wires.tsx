import type { RequestPayload } from '@patchbay/contract/resources/payload';
import { EyeOff } from 'lucide-react';

import { Badge } from '../../components/ui/badge.tsx';
import { CodeBlock } from '../../components/ui/code.tsx';
import { EmptyState, ErrorState, ForbiddenState, Skeleton } from '../../components/ui/states.tsx';
import { Bytes } from '../../components/ui/values.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';

const ASKED = 'Request of the client';
const ANSWERED = 'Answer to the client';

type Body = RequestPayload['client_request'];

/** What the client sent and got, beside what went to the provider and came back. */
export function Wires({ id }: { readonly id: string }) {
  const isAllowed = useMay('payloads:read');
  const { data, error, refetch } = useOperation(
    'requestLogs.payloads',
    { params: { request_id: id } },
    { enabled: isAllowed },
  );
  if (!isAllowed)
    return (
      <ForbiddenState message="What people wrote is for administrators to read, and reading it is written down." />
    );
  if (error !== null && failureOf(error).kind === 'not-found')
    return <NothingKept message={failureOf(error).message} />;
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const [payload] = data?.payloads ?? [];
  if (payload === undefined)
    return (
      <div className="grid gap-3 md:grid-cols-2">
        <Skeleton className="h-40" />
        <Skeleton className="h-40" />
      </div>
    );
  return (
    <div className="grid gap-6">
      {payload.attempts.length === 0 && (
        <>
          <Pair left={payload.client_request} leftName={ASKED} right={undefined} rightName="No provider was asked." />
          <Pair
            left={payload.client_response}
            leftName={ANSWERED}
            right={undefined}
            rightName="No provider answered."
          />
        </>
      )}
      {payload.attempts.map((attempt, at) => (
        <AttemptWires
          key={attempt.attempt}
          payload={payload}
          attempt={attempt}
          isLast={at === payload.attempts.length - 1}
        />
      ))}
    </div>
  );
}

interface AttemptWiresProps {
  readonly payload: RequestPayload;
  readonly attempt: RequestPayload['attempts'][number];
  /** The one whose answer the client got. */
  readonly isLast: boolean;
}

const AttemptWires = ({ payload, attempt, isLast }: AttemptWiresProps) => (
  <div className="grid gap-4">
    <p className="flex items-center gap-2 text-sm font-medium">
      <Badge>try {attempt.attempt}</Badge>
      <bdi>{attempt.provider_id}</bdi>
    </p>
    <Pair left={payload.client_request} leftName={ASKED} right={attempt.request} rightName="Request to the provider" />
    <Pair
      left={isLast ? payload.client_response : undefined}
      leftName={isLast ? ANSWERED : 'The client heard nothing of this attempt.'}
      right={attempt.response}
      rightName="Answer of the provider"
    />
  </div>
);

const NothingKept = ({ message }: { readonly message: string }) => (
  <EmptyState icon={EyeOff} title="The bodies of this call were not kept">
    <span className="break-words">{message}</span>
  </EmptyState>
);

interface PairProps {
  /** Absent where there is none, with why. */
  readonly left: Body | undefined;
  readonly leftName: string;
  readonly right: Body | undefined;
  readonly rightName: string;
}

const Pair = ({ left, leftName, right, rightName }: PairProps) => (
  <div className="grid gap-3 md:grid-cols-2">
    {left === undefined ? <Nothing text={leftName} /> : <Wire label={leftName} body={left} />}
    {right === undefined ? <Nothing text={rightName} /> : <Wire label={rightName} body={right} />}
  </div>
);

const Nothing = ({ text }: { readonly text: string }) => (
  <p className="grid min-h-16 place-items-center rounded-md border border-dashed border-line-strong px-3 text-sm text-ink-3">
    {text}
  </p>
);

const Wire = ({ label, body }: { readonly label: string; readonly body: Body }) => (
  <section className="min-w-0">
    <h4 className="mb-1 flex items-baseline justify-between gap-2 text-xs text-ink-3">
      <span className="truncate">{label}</span>
      <span>
        <Bytes value={body.bytes} />
        {body.truncated && ', cut'}
      </span>
    </h4>
    <CodeBlock text={body.text === null ? 'These bytes are no text.' : readable(body.text)} label={label} wraps />
  </section>
);

/** Laid out where it is JSON; as it is otherwise. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
