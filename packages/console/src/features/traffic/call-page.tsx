import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { CallDetail } from './call-detail.tsx';
import { CopyMenu } from './copy-menu.tsx';

/** One call on a page of its own, to be linked to. */
export function Page() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  return (
    <Frame>
      <div className="grid max-w-6xl grid-cols-[minmax(0,1fr)] gap-4">
        <PageHeader
          title="Call"
          description={<span className="font-mono text-xs break-all">{id}</span>}
          actions={
            <>
              <CopyMenu id={id} />
              <Button asChild>
                <Link to="/traffic">
                  <ArrowLeft aria-hidden />
                  All calls
                </Link>
              </Button>
            </>
          }
        />
        <div className="min-w-0 rounded-lg border border-line bg-surface shadow-rest">
          <CallDetail key={id} id={id} />
        </div>
      </div>
    </Frame>
  );
}
