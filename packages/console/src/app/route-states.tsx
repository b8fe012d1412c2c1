import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { Unplug } from 'lucide-react';

import { Button } from '../components/ui/button.tsx';
import { Page } from '../components/ui/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../components/ui/states.tsx';

/** An address that is none. */
export const NotFoundPage = () => (
  <Page>
    <EmptyState
      icon={Unplug}
      title="Nothing is plugged in here"
      isHeading
      action={
        <Button asChild>
          <Link to="/">Go to the overview</Link>
        </Button>
      }
    >
      The address may be old or mistyped.
    </EmptyState>
  </Page>
);

/** A page that broke; the frame around it stays. */
export const RouteError = ({ error, reset }: ErrorComponentProps) => (
  <Page>
    <ErrorState error={error} onRetry={reset} />
  </Page>
);

/** While the page's own file is on its way. */
export const WaitingPage = () => (
  <Page>
    <p className="sr-only" role="status">
      Loading
    </p>
    <Skeleton className="h-7 w-48" />
    <Skeleton className="h-28 w-full rounded-lg" />
    <Skeleton className="h-64 w-full rounded-lg" />
  </Page>
);
