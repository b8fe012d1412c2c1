import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';

/** One connection to a raw server. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that has come, as latin1. */
  readonly received: string;
  /** Resolves with the next whole request: its head, and its body as its length says. */
  request(): Promise<string>;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** Sends these bytes; the promise is for those who want to know when the system has taken them. */
  say(text: string | Buffer): Promise<void>;
}

/** A server that speaks no protocol of itself: the test says every byte. */
export interface RawServer {
  readonly port: number;
  readonly connections: RawConnection[];
  /** Resolves with the next connection nobody has taken yet. */
  connection(): Promise<RawConnection>;
  close(): Promise<void>;
}

/** Listens on loopback; with `tls`, behind that. `onConnection` may answer by itself. */
export async function startRawServer({
  tls,
  onConnection,
}: { tls?: TlsOptions; onConnection?: (connection: RawConnection) => void } = {}): Promise<RawServer> {
  const connections: RawConnection[] = [];
  let taken = 0;
  let wake = Promise.withResolvers<void>();
  const accept = (socket: Socket): void => {
    const connection = rawConnection(socket);
    connections.push(connection);
    wake.resolve();
    wake = Promise.withResolvers();
    onConnection?.(connection);
  };
  const server: Server = tls === undefined ? createServer({ noDelay: true }, accept) : createTlsServer(tls, accept);
  // A client that does not trust us breaks the handshake off.
  server.on('tlsClientError', (_: Error, socket: TLSSocket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    connection: async () => {
      const index = taken;
      taken += 1;
      while (connections.length <= index) await wake.promise;
      return connections[index] as RawConnection;
    },
    close: async () => {
      for (const { socket } of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function rawConnection(socket: Socket): RawConnection {
  let received = '';
  let read = 0;
  let wake = Promise.withResolvers<void>();
  // Both tell: a socket that a test has paused hears nothing else.
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    wake.resolve();
    wake = Promise.withResolvers();
  });
  return {
    socket,
    closed,
    get received() {
      return received;
    },
    request: async () => {
      for (;;) {
        const length = requestLength(received.slice(read));
        if (length > 0) {
          read += length;
          return received.slice(read - length, read);
        }
        if (socket.destroyed) throw new Error('The connection closed before a whole request.');
        await Promise.race([wake.promise, closed]);
      }
    },
    say: (bytes) =>
      new Promise((resolve) => {
        socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => resolve());
      }),
  };
}

/** Length of the first request in a text, or 0 when it is not whole. */
function requestLength(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const body = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  const length = end + 4 + body;
  return text.length >= length ? length : 0;
}
