/** Hears a message, or `undefined`: some may have been missed, so whoever listens has to look for itself. */
export type Listener = (message: string | undefined) => void;

/** Tells every process of something, at most once. Who needs to know for certain looks at the store besides. */
export interface PubSub {
  /** Tells listeners of this process at once, those of others soon. */
  publish(channel: string, message: string): void;
  /** Hears what is published from now on; returns how to stop. */
  subscribe(channel: string, listener: Listener): () => void;
}
