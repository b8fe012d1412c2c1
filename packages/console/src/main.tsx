import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';

import { createAppRouter } from './app/router.tsx';
import { ToastContext } from './components/ui/toast-place.tsx';
import { createApi } from './lib/api.ts';
import { failureOf } from './lib/failure.ts';
import { ApiContext } from './lib/use-api.ts';
import { sessionQuery } from './lib/use-session.ts';
import './styles.css';

// Nothing is said before a page is there.
const Toasts = lazy(() => import('./app/toasts.tsx').then((module) => ({ default: module.Toasts })));

const FRESH_MS = 10_000;
const TRIES_MAX = 2;

/** What may come right by itself is asked again; what was refused is not. */
const shouldRetry = (failures: number, error: unknown): boolean =>
  failures < TRIES_MAX && ['unreachable', 'failed'].includes(failureOf(error).kind);

const queries = new QueryClient({ defaultOptions: { queries: { staleTime: FRESH_MS, retry: shouldRetry } } });
const api = createApi(queries);
// Nothing is shown before it is known who looks: asked now, it is answered while the page is on its way.
void queries.prefetchQuery(sessionQuery(api));
const toasts = document.createElement('div');
document.body.append(toasts);
const root = document.getElementById('root');
if (root === null) throw new TypeError('The page has no place for the program.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <ApiContext value={api}>
        <ToastContext value={toasts}>
          <RouterProvider router={createAppRouter()} />
          <Suspense>
            <Toasts />
          </Suspense>
        </ToastContext>
      </ApiContext>
    </QueryClientProvider>
  </StrictMode>,
);
