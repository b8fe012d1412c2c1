import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type AnyRoute,
} from '@tanstack/react-router';

import { Frame } from './frame.tsx';
import { guarded } from './guarded.tsx';
import { NotFoundPage, RouteError, WaitingPage } from './route-states.tsx';
import { ALL_SECTIONS, FIRST_RUN, type Place } from './sections.ts';

/** All addresses: the sign-in by itself, every section within the frame; each page is a file of its own to load. */
export function createAppRouter() {
  const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });
  const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('../features/sign-in/page.tsx'), 'Page'),
  });
  const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame });
  const inside: readonly Place[] = ALL_SECTIONS.filter(({ isOutside }) => isOutside !== true);
  const pages = [...inside, FIRST_RUN].flatMap((section) =>
    [{ path: section.path, load: section.load }, ...(section.pages ?? [])].map(({ path, load }): AnyRoute =>
      createRoute({
        getParentRoute: () => frame,
        path,
        component: guarded(section, load && lazyRouteComponent(load, 'Page')),
      }),
    ),
  );
  return createRouter({
    routeTree: root.addChildren([signIn, frame.addChildren(pages)]),
    defaultPreload: 'intent',
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: WaitingPage,
    defaultPendingMs: 150,
    scrollRestoration: true,
    scrollToTopSelectors: ['#main'],
  });
}
