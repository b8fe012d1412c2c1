import type { Connect } from '../../egress/guarded-connect.ts';
import type { DeadlineWheel } from '../deadline-wheel.ts';
import { Connection, type ConnectionHome, type ConnectionUser } from './connection.ts';
import { IllegalRequest } from './request-bytes.ts';

const VISIBLE = /^[\x21-\x7e]+$/;
const PORTS = { 'http:': 80, 'https:': 443 } as const;

/** All connections to one scheme, host and port; as many as there are exchanges at once. */
export class Origin implements ConnectionHome {
  /** Value of the `host` header. */
  readonly host: string;
  readonly #connect: Connect;
  readonly #wheel: DeadlineWheel;
  readonly #hostname: string;
  readonly #port: number;
  readonly #secure: boolean;
  readonly #all = new Set<Connection>();
  /** The one used last is taken first, so that the others grow old and go. */
  readonly #free: Connection[] = [];
  #session: Buffer | undefined;

  /** `origin`: like `https://api.example.com`. Throws with the code `ILLEGAL_REQUEST` for anything else. */
  constructor(origin: string, connect: Connect, wheel: DeadlineWheel) {
    const url = readOrigin(origin);
    this.host = url.host;
    this.#connect = connect;
    this.#wheel = wheel;
    this.#hostname = url.hostname.replace(/^\[|\]$/g, '');
    this.#secure = url.protocol === 'https:';
    this.#port = url.port === '' ? PORTS[url.protocol as keyof typeof PORTS] : Number(url.port);
  }

  takeFree(user: ConnectionUser): Connection | undefined {
    const connection = this.#free.pop();
    connection?.use(user);
    return connection;
  }

  /** Dials; throws when the address may not be dialled. */
  open(user: ConnectionUser): Connection {
    const [hostname, port, secure] = [this.#hostname, this.#port, this.#secure];
    const connection = new Connection(
      (onread) => this.#connect({ hostname, port, secure, session: this.#session, onread }),
      secure ? 'secureConnect' : 'connect',
      user,
      this,
      this.#wheel,
    );
    if (secure) connection.socket.on('session', (session: Buffer) => (this.#session = session));
    this.#all.add(connection);
    return connection;
  }

  onFree(connection: Connection): void {
    this.#free.push(connection);
  }

  onOver(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#free.indexOf(connection);
    if (at >= 0) this.#free.splice(at, 1);
  }

  /** Ends every connection with this error for whoever uses it. */
  close(error: Error): void {
    for (const connection of this.#all) connection.fail(error);
  }
}

function readOrigin(origin: string): URL {
  // The parser overlooks blanks and line ends; a user, a query or a fragment would be lost without a word.
  const url = VISIBLE.test(origin) && URL.canParse(origin) ? new URL(origin) : undefined;
  if (url !== undefined && url.protocol in PORTS && url.href === `${url.origin}/`) return url;
  throw new IllegalRequest('its address is no http or https URL');
}
