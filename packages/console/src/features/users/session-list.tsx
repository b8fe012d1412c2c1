import type { User, UserSession } from '@patchbay/contract/resources/user';

import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Time } from '../../components/ui/values.tsx';
import { tell } from '../../lib/tell.ts';
import { useChange, useOperation } from '../../lib/use-api.ts';
import { STALE } from './use-user-acts.ts';

/** Somebody else's sign-in is seen within this. */
const REFRESH_MS = 10_000;

/** Where a user is signed in, and the end of that. */
export function SessionList({ of: { id, username } }: { readonly of: User }) {
  const params = { id };
  const { data, error, refetch } = useOperation('users.sessions', { params }, { everyMs: REFRESH_MS });
  const endOne = useChange('users.endSession', STALE);
  const endAll = useChange('users.endSessions', STALE);
  const others = data?.sessions.filter(({ isCurrent }) => !isCurrent) ?? [];
  return (
    <section className="grid gap-2" aria-labelledby="sessions">
      <header className="flex min-h-8 items-center justify-between gap-3">
        <h3 id="sessions" className="text-sm font-semibold">
          Signed in
        </h3>
        {others.length > 1 && (
          <Button
            size="sm"
            isBusy={endAll.isPending}
            onClick={() => tell(endAll.mutateAsync({ params }), `${username} is signed out everywhere else.`)}
          >
            Sign out everywhere
          </Button>
        )}
      </header>
      {data === undefined && error === null && <Skeleton className="h-9" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.sessions.length === 0 && <p className="text-sm text-ink-3">Nowhere.</p>}
      <ul className="grid">
        {data?.sessions.map((each) => (
          <Row
            key={each.id}
            session={each}
            isBusy={endOne.isPending && endOne.variables.params.sessionId === each.id}
            onEnd={() =>
              tell(endOne.mutateAsync({ params: { id, sessionId: each.id } }), `A session of ${username} has ended.`)
            }
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly session: UserSession;
  readonly isBusy: boolean;
  readonly onEnd: () => void;
}

const Row = ({ session: { startedAt, expiresAt, isCurrent }, isBusy, onEnd }: RowProps) => (
  <li className="flex min-h-11 items-center justify-between gap-3 border-b border-line py-1.5 text-sm last:border-0">
    <span className="min-w-0">
      since <Time at={startedAt} />{' '}
      <span className="text-xs text-ink-3">
        ends unused <Time at={expiresAt} isAge />
      </span>
    </span>
    {isCurrent ? (
      <Badge tone="accent">this one</Badge>
    ) : (
      <Button size="sm" isBusy={isBusy} onClick={onEnd}>
        End
      </Button>
    )}
  </li>
);
