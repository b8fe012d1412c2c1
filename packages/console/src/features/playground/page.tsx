import { Boxes } from 'lucide-react';

import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { EmptyState, ErrorState, ForbiddenState, Skeleton } from '../../components/ui/states.tsx';
import { useMay } from '../../lib/use-session.ts';
import { firstOf } from './model-words.ts';
import { Playground } from './playground.tsx';
import { useModels } from './use-models.ts';

/** Talks with one model, or with up to four beside one another, as a program would. The models stand in the address. */
export function Page() {
  const mayCall = useMay('api-keys:own');
  return (
    <Frame fills>
      {mayCall ? (
        <Listed />
      ) : (
        <>
          <PageHeader title="Playground" />
          <ForbiddenState message="Calls need a key, and your role makes none. Ask an administrator for another role." />
        </>
      )}
    </Frame>
  );
}

function Listed() {
  const { data: models, error, refetch } = useModels();
  const first = models === undefined ? undefined : firstOf(models);
  if (models !== undefined && first !== undefined) return <Playground models={models} first={first} />;
  return (
    <>
      <PageHeader title="Playground" />
      {models !== undefined && (
        <EmptyState icon={Boxes} title="No model to talk to">
          None is served to you yet. Somebody who manages providers can add one.
        </EmptyState>
      )}
      {models === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {models === undefined && error === null && (
        <div className="grid flex-1 content-start gap-4" aria-busy>
          <Skeleton className="h-8 max-w-md" />
          <Skeleton className="h-28" />
        </div>
      )}
    </>
  );
}
