import type { ReactNode } from 'react';

/** A key to press. */
export const Kbd = ({ children }: { readonly children: ReactNode }) => (
  <kbd className="inline-grid h-5 min-w-5 place-items-center rounded border border-line bg-sunken px-1 font-sans text-2xs text-ink-2">
    {children}
  </kbd>
);

/** The key that is Ctrl, or ⌘ on a Mac. */
export const modKey = (): string => (/mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl');
