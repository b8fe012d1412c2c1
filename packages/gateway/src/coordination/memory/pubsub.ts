import type { Listener, PubSub } from '../pubsub.ts';

/** Listeners of this process, by channel. */
export interface MemoryPubSub extends PubSub {
  channels(): readonly string[];
  /** Tells every listener that messages may have been missed. */
  tellOfGap(): void;
}

/** Tells the listeners of this process. One that throws has told `onError` and harms no other. */
export function memoryPubSub(onError: (error: unknown) => void): MemoryPubSub {
  const channels = new Map<string, Set<Listener>>();
  const tell = (channel: string, message: string | undefined): void => {
    for (const listener of channels.get(channel) ?? []) {
      try {
        listener(message);
      } catch (error) {
        onError(error);
      }
    }
  };
  return {
    publish: tell,
    subscribe(channel, listener) {
      const listeners = channels.get(channel) ?? new Set();
      // Whoever subscribes twice hears twice.
      const own: Listener = (message) => listener(message);
      channels.set(channel, listeners.add(own));
      return () => {
        listeners.delete(own);
        if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel);
      };
    },
    channels: () => [...channels.keys()],
    tellOfGap() {
      for (const channel of channels.keys()) tell(channel, undefined);
    },
  };
}
