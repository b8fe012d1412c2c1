import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';

/** One connection. It never connects again by itself. */
export interface RedisConnection {
  /** Rejects with a `RedisRefusal` when the server says no, else with whatever ended the connection. */
  send(command: readonly string[]): Promise<unknown>;
  /** Hears a channel for as long as the connection lasts. */
  listen(channel: string, onMessage: (message: string) => void): Promise<void>;
  /** Resolves with the reason when the connection has ended. */
  readonly ended: Promise<Error>;
  close(): void;
}

/** The server has answered, but with a no. */
export class RedisRefusal extends Error {
  /** The first word of the answer, e.g. `NOSCRIPT`, `OOM`. */
  readonly code: string;

  constructor(answer: string) {
    super(`Redis refuses: ${answer}`);
    this.name = 'RedisRefusal';
    this.code = answer.split(' ', 1)[0] ?? '';
  }
}

/** Longest wait for a connection and its greeting, in milliseconds. */
const CONNECT_MS = 1000;

/** Connects once. Loads the driver, which is 60 megabytes of memory that nobody needs who has no Redis. */
export async function connectRedis(url: Secret, clock: Clock): Promise<RedisConnection> {
  const { createClient, ErrorReply } = await import('@redis/client');
  const client = createClient({
    url: url.reveal(),
    RESP: 3,
    name: 'patchbay',
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false },
  });
  const ended = Promise.withResolvers<Error>();
  client.on('error', (error: Error) => ended.resolve(error));
  client.on('end', () => ended.resolve(new Error('The connection was closed.')));
  const close = (): void => {
    client.destroy();
    ended.resolve(new Error('The connection was closed.'));
  };
  const greeted = new AbortController();
  const late = clock.sleep(CONNECT_MS, greeted.signal).then(() => {
    if (!greeted.signal.aborted) throw new Error(`No greeting in ${CONNECT_MS} ms.`);
  });
  try {
    await Promise.race([client.connect(), late]);
  } catch (error) {
    close();
    throw error;
  } finally {
    greeted.abort();
  }
  return {
    send: (command) =>
      client.sendCommand([...command]).catch((error: unknown) => {
        throw error instanceof ErrorReply ? new RedisRefusal(error.message) : error;
      }),
    listen: (channel, onMessage) => client.subscribe(channel, onMessage),
    ended: ended.promise,
    close,
  };
}
