import { BookOpen } from 'lucide-react';
import type { RouteComponent } from '@tanstack/react-router';

import { Button } from '../components/ui/button.tsx';
import { Page, PageHeader } from '../components/ui/page.tsx';
import { EmptyState, ForbiddenState } from '../components/ui/states.tsx';
import { useSession } from '../lib/use-session.ts';
import type { Place } from './sections.ts';

/** A section's page for those who may see it; for others who can change that. */
export function guarded(section: Place, Shown: RouteComponent | undefined): RouteComponent {
  function Guarded() {
    const { permissions, role } = useSession();
    const { permission } = section;
    if (permission !== undefined && !permissions.includes(permission))
      return (
        <Page>
          <PageHeader title={section.label} />
          <ForbiddenState
            message={`The role ${role} does not include ${section.label.toLowerCase()} (${permission}). Ask an administrator.`}
          />
        </Page>
      );
    return Shown === undefined ? <ApiOnly label={section.label} icon={section.icon} /> : <Shown />;
  }
  // The router loads a page when one points at its link, and calls this.
  return Object.assign(Guarded, Shown?.preload && { preload: () => Shown.preload?.() ?? Promise.resolve() });
}

/** Said of sections that have no page: everything there is can be done by the API. */
const ApiOnly = ({ label, icon }: Pick<Place, 'label' | 'icon'>) => (
  <Page>
    <PageHeader title={label} />
    <EmptyState
      icon={icon}
      title={`${label} is done by the API here`}
      action={
        <Button asChild>
          <a href="/docs">
            <BookOpen aria-hidden />
            API docs
          </a>
        </Button>
      }
    >
      This version of the console has no page for it. The API docs list its operations and try them out.
    </EmptyState>
  </Page>
);
