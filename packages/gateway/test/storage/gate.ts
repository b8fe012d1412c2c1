import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut or go silent, as networks and stopped servers do. */
export interface Gate {
  readonly port: number;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Takes what comes and says nothing any more, on old connections and new ones. */
  silence(): void;
  /** Lets answers through only after so many milliseconds. */
  delay(ms: number): void;
  /** Lets everything through again; connections that were silenced are ended. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** A gate before `host:port`, open. */
export async function gateTo(host: string, port: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let silent = false;
  let delayMs = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    keep(near);
    if (silent) return near.resume();
    const far = keep(connect(port, host));
    near.on('data', (bytes) => silent || far.write(bytes)).on('close', () => far.destroy());
    const answer = (bytes: Buffer): void => void (silent || near.write(bytes));
    far.on('data', (bytes: Buffer) => (delayMs > 0 ? setTimeout(answer, delayMs, bytes) : answer(bytes)));
    far.on('close', () => near.destroy());
    return undefined;
  });
  const listen = async (at: number): Promise<number> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    endAll();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  const mine = await listen(0);
  return {
    port: mine,
    cut: stop,
    silence: () => {
      silent = true;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    open: async () => {
      silent = false;
      delayMs = 0;
      endAll();
      if (!server.listening) await listen(mine);
    },
    close: stop,
  };
}
