import { useEffect, useEffectEvent, useState } from 'react';

/** How a stream of events stands. */
export type LiveState = 'connecting' | 'live' | 'away';

/** A stream that was refused, as while the gateway starts anew behind a proxy, is tried again so much later. */
const AGAIN_MS = 5000;

/**
 * Listens to server-sent events of our own origin while the page is seen, and connects again by itself. A tab in the
 * background listens to nothing: browsers allow one origin six connections, which its tabs share.
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
    let again: number | undefined;
    const stop = (): void => {
      window.clearTimeout(again);
      source?.close();
      source = undefined;
    };
    const listen = (): void => {
      stop();
      if (document.hidden) return;
      const opened = new EventSource(path);
      opened.addEventListener('open', () => setState('live'));
      opened.addEventListener('error', () => {
        setState('away');
        // Browsers connect again where a connection broke, and never after an answer that was no stream.
        if (opened.readyState === EventSource.CLOSED) again = window.setTimeout(listen, AGAIN_MS);
      });
      for (const name of wanted.split(' '))
        opened.addEventListener(name, (event) => handle(name, String((event as MessageEvent).data)));
      source = opened;
    };
    listen();
    document.addEventListener('visibilitychange', listen);
    return () => {
      document.removeEventListener('visibilitychange', listen);
      stop();
    };
  }, [path, wanted]);
  return state;
}
