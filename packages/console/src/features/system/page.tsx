import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { useMay } from '../../lib/use-session.ts';
import { Figures } from './figures.tsx';
import { Maintenance } from './maintenance.tsx';
import { PartsCard } from './parts-card.tsx';
import { ReplicasCard } from './replicas-card.tsx';

/** How the gateway itself is: its parts, its processes, and what keeps it tidy. */
export function Page() {
  const mayMaintain = useMay('system:config');
  return (
    <Frame>
      <PageHeader title="System" description="How the gateway itself is: its parts, its processes, its upkeep." />
      <Figures />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <PartsCard />
        <div className="grid gap-4">
          <ReplicasCard />
          {mayMaintain && <Maintenance />}
        </div>
      </div>
    </Frame>
  );
}
