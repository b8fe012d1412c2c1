import { useSyncExternalStore } from 'react';

const WIDE = '(min-width: 64rem)';

/** True while there is room for a panel beside the conversation. */
export const useWide = (): boolean => useSyncExternalStore(listen, () => matchMedia(WIDE).matches);

function listen(onChange: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}
