import { use } from 'react';
import { createPortal } from 'react-dom';
import { Toaster } from 'sonner';

import { ToastContext } from '../components/ui/toast-place.tsx';
import { useTheme } from '../lib/theme.ts';

/** Where short messages appear: `toast.success('Saved.')` of `sonner`. */
export function Toasts() {
  const [theme] = useTheme();
  const place = use(ToastContext);
  if (place === undefined) return null;
  return createPortal(
    <Toaster
      theme={theme}
      position="bottom-right"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-start font-sans gap-2.5 rounded-lg border border-line bg-raised px-3.5 py-3 text-sm text-ink shadow-pop',
          description: 'text-ink-2',
          actionButton: 'ml-auto shrink-0 rounded font-medium text-accent hover:underline',
          icon: 'mt-0.5 shrink-0 text-ink-3',
          error: '[&_[data-icon]]:text-bad',
          success: '[&_[data-icon]]:text-good',
        },
      }}
    />,
    place,
  );
}
