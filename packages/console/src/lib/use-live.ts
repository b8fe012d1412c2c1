import { useEffect, useEffectEvent, useState } from 'react';

/** How a stream of events stands. */
export type LiveState = 'connecting' | 'live' | 'away';

/**
 * Listens to server-sent events of our own origin while the page is seen; the browser connects again by itself. A tab in
 * the background listens to nothing: browsers allow one origin six connections, which its tabs share.
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
    let source: EventSource | undefined;
    const listen = (): void => {
      source?.close();
      source = undefined;
      if (document.hidden) return;
      source = new EventSource(path);
      source.addEventListener('open', () => setState('live'));
      source.addEventListener('error', () => setState('away'));
      for (const name of wanted.split(' '))
        source.addEventListener(name, (event) => handle(name, String((event as MessageEvent).data)));
    };
    listen();
    document.addEventListener('visibilitychange', listen);
    return () => {
      document.removeEventListener('visibilitychange', listen);
      source?.close();
    };
  }, [path, wanted]);
  return state;
}
