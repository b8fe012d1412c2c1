import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A proxy on loopback that really connects. */
export interface LocalProxy {
  readonly port: number;
  /** Where it was asked to connect to: `host:port` as it was written. */
  readonly asked: readonly string[];
  /** Everything that came before each tunnel was there, as latin1. */
  readonly greetings: readonly string[];
  /** Connections that came in, open or not. */
  readonly connections: number;
  close(): Promise<void>;
}

/** What a proxy wants of those who come, and how it sees the world. */
export interface LocalProxyOptions {
  /** `user:password` that it wants; it wants none when absent. */
  readonly login?: string;
  /** Behind TLS. */
  readonly tls?: TlsOptions;
  /** What a name means to it. Default: the name itself. */
  readonly resolve?: (hostname: string) => string;
}

/** A proxy that understands HTTP CONNECT. */
export const startHttpProxy = (options: LocalProxyOptions = {}): Promise<LocalProxy> => startProxy(options, serveHttp);

/** A proxy that understands SOCKS 5. */
export const startSocksProxy = (options: LocalProxyOptions = {}): Promise<LocalProxy> =>
  startProxy(options, serveSocks);

interface Client {
  readonly socket: Socket;
  readonly options: LocalProxyOptions;
  /** Waits for this many bytes, or for what ends with the given text. */
  take(wanted: number | string): Promise<Buffer>;
  /** Connects; resolves to the code of the error when that fails. */
  tunnel(hostname: string, port: number, onOpen: () => void): Promise<string | undefined>;
}

async function startProxy(options: LocalProxyOptions, serve: (client: Client) => Promise<void>): Promise<LocalProxy> {
  const [asked, greetings, sockets] = [[] as string[], [] as string[], new Set<Socket>()];
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket.on('error', () => socket.destroy()));
    const at = greetings.push('') - 1;
    const take = taker(socket, (bytes) => (greetings[at] += bytes.toString('latin1')));
    const tunnel = async (hostname: string, port: number, onOpen: () => void): Promise<string | undefined> => {
      asked.push(`${hostname}:${port}`);
      const target = connect(port, options.resolve?.(hostname) ?? hostname);
      sockets.add(target);
      try {
        await once(target, 'connect');
      } catch (error) {
        return (error as { code: string }).code;
      }
      target.on('error', () => socket.destroy());
      onOpen();
      socket.on('close', () => target.destroy());
      target.on('close', () => socket.destroy());
      socket.pipe(target).pipe(socket);
      return undefined;
    };
    // A client that leaves in the middle ends the conversation.
    serve({ socket, options, take, tunnel }).catch(() => socket.destroy());
  };
  const server: Server = options.tls === undefined ? createServer(accept) : createTlsServer(options.tls, accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    greetings,
    get connections() {
      return connections;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Reads exactly what is asked for and leaves the rest in the socket. */
function taker(socket: Socket, onTaken: (bytes: Buffer) => void): Client['take'] {
  return async (wanted) => {
    let held = Buffer.alloc(0);
    for (;;) {
      const at = typeof wanted === 'number' ? wanted : held.indexOf(wanted) + wanted.length;
      if (typeof wanted === 'number' ? held.length >= wanted : held.includes(wanted)) {
        if (held.length > at) socket.unshift(held.subarray(at));
        onTaken(held.subarray(0, at));
        return held.subarray(0, at);
      }
      const read = socket.read() as Buffer | null;
      if (read !== null) held = Buffer.concat([held, read]);
      else if (socket.readableEnded || socket.destroyed) throw new Error('The client left.');
      else await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
    }
  };
}

async function serveHttp({ socket, options: { login }, take, tunnel }: Client): Promise<void> {
  const head = (await take('\r\n\r\n')).toString('latin1');
  const [, hostname = '', port] = /^CONNECT (\S+):(\d+) HTTP\/1\.1\r\n/.exec(head) ?? [];
  const shown = /\r\nproxy-authorization: Basic (\S+)\r\n/i.exec(head)?.[1] ?? '';
  if (login !== undefined && Buffer.from(shown, 'base64').toString() !== login)
    return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\n\r\n');
  const answer = 'HTTP/1.1 200 Connection established\r\nproxy-agent: test\r\n\r\n';
  const failed = await tunnel(hostname.replace(/^\[|\]$/g, ''), Number(port), () => socket.write(answer));
  if (failed !== undefined) socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 3\r\n\r\nno\n');
}

const SOCKS_REPLIES: Readonly<Record<string, number>> = { ECONNREFUSED: 5, EHOSTUNREACH: 4, ENETUNREACH: 3 };
const BOUND = [0, 1, 127, 0, 0, 1, 0, 80];

async function serveSocks({ socket, options: { login }, take, tunnel }: Client): Promise<void> {
  const methods = await take((await take(2))[1] ?? 0);
  const method = login === undefined ? 0 : 2;
  if (!methods.includes(method)) return void socket.end(Buffer.of(5, 0xff));
  socket.write(Buffer.of(5, method));
  if (login !== undefined) {
    const user = await take((await take(2))[1] ?? 0);
    const password = await take((await take(1))[0] ?? 0);
    if (`${user.toString()}:${password.toString()}` !== login) return void socket.end(Buffer.of(1, 1));
    socket.write(Buffer.of(1, 0));
  }
  const kind = (await take(4))[3];
  const hostname =
    kind === 3 ? (await take((await take(1))[0] ?? 0)).toString() : addressText(await take(kind === 4 ? 16 : 4));
  const port = (await take(2)).readUInt16BE();
  const failed = await tunnel(hostname, port, () => socket.write(Buffer.of(5, 0, ...BOUND)));
  if (failed !== undefined) socket.end(Buffer.of(5, SOCKS_REPLIES[failed] ?? 1, ...BOUND));
}

const addressText = (bytes: Buffer): string =>
  bytes.length === 4 ? [...bytes].join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
