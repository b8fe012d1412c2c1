import { useEffect, useEffectEvent, useState } from 'react';

/** How a stream of events stands. */
export type LiveState = 'connecting' | 'live' | 'away';

/**
 * Listens to server-sent events of our own origin while the page is shown; the browser connects again by itself.
 * `path` undefined: listens to nothing. What an event carries is handed over as it was sent.
 */
export function useLive(
  path: string | undefined,
  names: readonly string[],
  onEvent: (name: string, data: string) => void,
): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const handle = useEffectEvent(onEvent);
  const wanted = names.join(' ');
  useEffect(() => {
    if (path === undefined) return undefined;
    const source = new EventSource(path);
    source.addEventListener('open', () => setState('live'));
    source.addEventListener('error', () => setState('away'));
    for (const name of wanted.split(' '))
      source.addEventListener(name, (event) => handle(name, String((event as MessageEvent).data)));
    return () => source.close();
  }, [path, wanted]);
  return state;
}
