import { Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';

import { ErrorState } from '../components/ui/states.tsx';
import { ActionsContext } from '../lib/use-actions.ts';
import { useChanges } from '../lib/use-changes.ts';
import { SessionContext, useSessionQuery } from '../lib/use-session.ts';
import { useActionBook } from './action-book.ts';
import { useFirstRun } from './first-run/use-first-run.ts';
import { OfflineBanner } from './offline-banner.tsx';
import { sectionAt } from './sections.ts';
import { Sidebar } from './sidebar.tsx';
import { TopBar } from './top-bar.tsx';
import { useFrameKeys } from './use-frame-keys.ts';
import { useRenewal } from './use-renewal.ts';

const CommandPalette = lazy(() =>
  import('./command-palette.tsx').then((module) => ({ default: module.CommandPalette })),
);
const NavigationDrawer = lazy(() =>
  import('./navigation-drawer.tsx').then((module) => ({ default: module.NavigationDrawer })),
);
const ShortcutsHelp = lazy(() => import('./shortcuts-help.tsx').then((module) => ({ default: module.ShortcutsHelp })));

/** Around every page: who is signed in, where one can go. Nobody sees a page before that is known. */
export function Frame() {
  const { data: session, error, refetch } = useSessionQuery();
  if (error !== null && session === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} className="pt-[20vh]" />;
  if (session === undefined)
    return (
      <p className="sr-only" role="status">
        Loading
      </p>
    );
  if (session === null) return <ToSignIn />;
  return (
    <SessionContext value={session}>
      <Signed />
    </SessionContext>
  );
}

/** Goes to the sign-in, once: on the way there the address changes, and is no longer where one wanted to go. */
function ToSignIn() {
  const navigate = useNavigate();
  const { state } = useRouter();
  useEffect(() => {
    const { pathname, searchStr, hash } = state.location;
    const wanted = pathname + searchStr;
    // A fragment stays one: browsers tell it to no server, and a chat may lie in it.
    void navigate({ to: '/sign-in', search: (wanted === '/' ? {} : { next: wanted }) as never, hash, replace: true });
  }, []);
  return null;
}

/** What stands in front of the page. */
export type Overlay = 'palette' | 'shortcuts' | 'navigation';

function Signed() {
  const [overlay, setOverlay] = useState<Overlay>();
  const { pathname } = useLocation();
  const book = useActionBook();
  const close = (): void => setOverlay(undefined);
  useRenewal();
  useChanges();
  useFirstRun();
  useFrameKeys(setOverlay);
  useEffect(() => {
    document.title = `${sectionAt(pathname)?.label ?? 'Not found'} · Patchbay`;
    setOverlay(undefined);
  }, [pathname]);
  return (
    <ActionsContext value={book.book}>
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus:translate-y-0"
      >
        Skip to the page
      </a>
      <div className="flex h-full">
        <aside className="hidden w-58 shrink-0 border-r border-line bg-sunken lg:flex">
          <Sidebar onOverlay={setOverlay} />
        </aside>
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar onOverlay={setOverlay} />
          <OfflineBanner />
          <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
            <Outlet />
          </main>
        </div>
      </div>
      <Suspense fallback={null}>
        {overlay === 'palette' && <CommandPalette actions={book.actions} onOverlay={setOverlay} onClose={close} />}
        {overlay === 'navigation' && <NavigationDrawer onOverlay={setOverlay} onClose={close} />}
        {overlay === 'shortcuts' && <ShortcutsHelp onClose={close} />}
      </Suspense>
    </ActionsContext>
  );
}
