import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { Link } from '@tanstack/react-router';
import { Repeat } from 'lucide-react';
import { useState } from 'react';

import { Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Input, Textarea } from '../../components/ui/input.tsx';
import { ForbiddenState, Skeleton } from '../../components/ui/states.tsx';
import { Duration } from '../../components/ui/values.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { AnswerDiff } from './answer-diff.tsx';
import { answerText, replayOf } from './replay-request.ts';
import { useReplay, type Replayed } from './use-replay.ts';
import { readable } from './wires.tsx';

/** The same request to another model, and in what the answers differ. */
export function Replay({ id, call }: { readonly id: string; readonly call: RequestLog }) {
  const [mayCall, mayRead] = [useMay('models:call') && useMay('api-keys:own'), useMay('payloads:read')];
  const kept = useOperation('requestLogs.payloads', { params: { request_id: id } }, { enabled: mayRead && mayCall });
  if (!mayCall) return <ForbiddenState message="Your role calls no models. Ask an administrator for another." />;
  if (mayRead && kept.data === undefined && kept.error === null) return <Skeleton className="h-48" />;
  const payload = kept.data?.payloads[0];
  return (
    <ReplayForm
      key={payload?.created_at ?? 'none'}
      call={call}
      body={payload?.client_request.truncated === true ? '' : readable(payload?.client_request.text ?? '')}
      answer={payload === undefined ? undefined : answerText(payload.client_response.text)}
      why={payload === undefined ? 'The body of this call was not kept: paste it here.' : undefined}
    />
  );
}

interface ReplayFormProps {
  readonly call: RequestLog;
  readonly body: string;
  /** What the first call was answered; absent where that was not kept. */
  readonly answer: string | undefined;
  readonly why: string | undefined;
}

function ReplayForm({ call, body, answer, why }: ReplayFormProps) {
  const [model, setModel] = useState(call.requested_model);
  const [written, setWritten] = useState(body);
  const [wrong, setWrong] = useState<string>();
  const replay = useReplay();
  const send = (): void => {
    const request = replayOf(call.route, written, model.trim());
    setWrong(request === undefined ? 'Write the JSON of a request to this route, with its model.' : undefined);
    if (request !== undefined) replay.mutate(request);
  };
  return (
    <div className="grid gap-4">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div className="flex flex-wrap items-end gap-3">
          <Field label="Model" className="min-w-56 flex-1">
            {(control) => (
              <Input
                {...control}
                required
                spellCheck={false}
                value={model}
                onChange={(event) => setModel(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" variant="primary" icon={<Repeat aria-hidden />} isBusy={replay.isPending}>
            Send again
          </Button>
        </div>
        <Field label="Body" hint={why ?? 'Sent whole, as a call of your own: it counts and is logged.'} error={wrong}>
          {(control) => (
            <Textarea
              {...control}
              className="h-40 font-mono text-xs"
              spellCheck={false}
              value={written}
              onChange={(event) => setWritten(event.target.value)}
            />
          )}
        </Field>
        <FormError message={replay.error === null ? undefined : failureOf(replay.error).message} />
      </form>
      {replay.data !== undefined && <Outcome replayed={replay.data} before={answer} />}
    </div>
  );
}

const Outcome = ({ replayed, before }: { readonly replayed: Replayed; readonly before: string | undefined }) => (
  <section aria-label="Answer to the replay" className="grid gap-3">
    <p className="flex flex-wrap items-center gap-3 text-sm">
      <Status tone={replayed.status < 400 ? 'good' : 'bad'} className="numeric">
        {replayed.status}
      </Status>
      <Duration value={replayed.tookMs} />
      {replayed.requestId !== null && (
        <Link to="/traffic/$id" params={{ id: replayed.requestId } as never} className="text-accent hover:underline">
          This call in the log
        </Link>
      )}
    </p>
    <AnswerDiff before={before} after={replayed.text} />
  </section>
);
