import { passes, type MetricEvent, type MetricFilter } from './metric-event.ts';

/** Events as they come, for one reader. Read it with `for await`, or `take` what is there; close it in the end. */
export interface Subscription extends AsyncIterable<MetricEvent> {
  /** Events that were lost because the buffer was full. */
  readonly overflow: number;
  /** Everything that waits, without waiting. */
  take(): readonly MetricEvent[];
  /** Ends it: what waits may still be read. */
  close(): void;
}

/** The end of a subscription that events are put into. */
export interface Feed {
  readonly subscription: Subscription;
  push(event: MetricEvent): void;
}

/** A subscription for events that pass `filter`, which holds `bufferMax` at most. */
export function createFeed(filter: MetricFilter, bufferMax: number, onClose: (feed: Feed) => void): Feed {
  const waiting: MetricEvent[] = [];
  let overflow = 0;
  let isClosed = false;
  let wake = (): void => undefined;
  const feed: Feed = {
    push(event) {
      if (isClosed || !passes(filter, event)) return;
      if (waiting.length >= bufferMax) overflow += 1;
      else waiting.push(event);
      wake();
    },
    subscription: {
      get overflow() {
        return overflow;
      },
      take: () => waiting.splice(0),
      close() {
        isClosed = true;
        onClose(feed);
        wake();
      },
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            const next = waiting.shift();
            if (next !== undefined) yield next;
            else if (isClosed) return;
            else await new Promise<void>((resolve) => (wake = resolve));
          }
        } finally {
          feed.subscription.close();
        }
      },
    },
  };
  return feed;
}
