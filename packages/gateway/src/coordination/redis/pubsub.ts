import type { MemoryPubSub } from '../memory/pubsub.ts';
import type { PubSub } from '../pubsub.ts';
import type { RedisLink } from './link.ts';

/** The one channel of Redis that carries all of ours. */
const CHANNEL = 'patchbay';

/** `gap` instead of a message: whoever sent it could not tell something. */
type Envelope = { readonly from: string } & (
  | { readonly gap: true }
  | { readonly channel: string; readonly message: string }
);

/** Tells the other processes by Redis. After a break everyone is told that something may have been missed. */
export function redisPubSub(link: RedisLink, local: MemoryPubSub, ownId: string): PubSub {
  let isOwed = false;
  const send = (envelope: Envelope): void => {
    void link.ask(
      async (connection) => {
        await connection.send(['PUBLISH', CHANNEL, JSON.stringify(envelope)]);
      },
      () => {
        isOwed = true;
      },
    );
  };
  const hear = (text: string): void => {
    // Written by `send` of this or another process.
    const envelope = JSON.parse(text) as Envelope;
    if (envelope.from === ownId) return;
    if ('gap' in envelope) local.tellOfGap();
    else local.publish(envelope.channel, envelope.message);
  };
  link.whenConnected((connection) => {
    connection.listen(CHANNEL, hear).then(
      () => local.tellOfGap(),
      // The connection is over, and the next one listens anew.
      () => undefined,
    );
  });
  link.whenUp(() => {
    if (isOwed) send({ from: ownId, gap: true });
    isOwed = false;
  });
  return {
    publish(channel, message) {
      local.publish(channel, message);
      send({ from: ownId, channel, message });
    },
    subscribe: (channel, listener) => local.subscribe(channel, listener),
  };
}
