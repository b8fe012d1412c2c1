import { onlineManager } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';

/** Says that what is shown may be old, while the browser has no network. */
export function OfflineBanner() {
  const isOnline = useSyncExternalStore(
    (onChange) => onlineManager.subscribe(onChange),
    () => onlineManager.isOnline(),
  );
  if (isOnline) return null;
  return (
    <p
      role="status"
      className="flex items-center justify-center gap-2 border-b border-line bg-warn-soft px-4 py-1.5 text-sm text-warn"
    >
      <WifiOff className="size-4" aria-hidden />
      You are offline. What you see may be old; it is read again when you are back.
    </p>
  );
}
