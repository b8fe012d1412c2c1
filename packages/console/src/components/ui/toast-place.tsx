import { createContext, use, useLayoutEffect, useRef } from 'react';

/** What toasts are drawn into; `undefined` where there are none. It is moved about, so React must not have made it. */
export const ToastContext = createContext<HTMLElement | undefined>(undefined);

/**
 * Part of a window in front of the page: toasts stand in it while it is open. What is behind such a window can neither
 * be clicked nor reached by keys, nor is it read out.
 */
export function ToastPlace() {
  const toasts = use(ToastContext);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const own = place.current;
    const before = toasts?.parentElement;
    if (toasts === undefined || own === null) return undefined;
    own.append(toasts);
    return () => {
      // A window may close before another that it opened, which keeps the toasts.
      if (toasts.parentElement === own) (before?.isConnected === true ? before : document.body).append(toasts);
    };
  }, [toasts]);
  return <div ref={place} />;
}
