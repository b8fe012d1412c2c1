/** As much of Node's `IncomingMessage` as is used. */
export interface NodeIncoming extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** As much of Node's `ServerResponse` as is used. */
export interface NodeOutgoing {
  readonly destroyed: boolean;
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  destroy(error?: Error): unknown;
  once(event: 'drain' | 'close', listener: () => void): unknown;
}

/** A listener for `node:http`'s `createServer`. */
export type NodeListener = (incoming: NodeIncoming, outgoing: NodeOutgoing) => void;

/**
 * Makes a function from `Request` to `Response`, such as a backend, a listener for `node:http`. Bodies flow both ways as
 * fast as they are read; the request's signal is aborted when the caller leaves.
 */
export const toNodeListener =
  (handle: (request: Request) => Promise<Response>): NodeListener =>
  (incoming, outgoing) => {
    const left = new AbortController();
    const closed = new Promise<void>((resolve) => outgoing.once('close', resolve));
    void closed.then(() => left.abort(new DOMException('The caller left.', 'AbortError')));
    serve(handle, incoming, { outgoing, signal: left.signal, closed }).catch((error: unknown) =>
      // Too late for an answer: a connection that breaks cannot be taken for a whole one.
      outgoing.destroy(left.signal.aborted ? undefined : (error as Error)),
    );
  };

interface Answering {
  readonly outgoing: NodeOutgoing;
  readonly signal: AbortSignal;
  readonly closed: Promise<void>;
}

async function serve(
  handle: (request: Request) => Promise<Response>,
  incoming: NodeIncoming,
  { outgoing, signal, closed }: Answering,
): Promise<void> {
  const request = requestOf(incoming, signal);
  if (request === undefined) {
    outgoing.writeHead(400, { 'content-type': 'text/plain' });
    return void outgoing.end();
  }
  const response = await handle(request);
  const { body } = response;
  outgoing.writeHead(response.status, headersOf(response.headers));
  if (body !== null) {
    const reader = body.getReader();
    void closed.then(() => reader.cancel().catch(() => {}));
    for (;;) {
      const next = await reader.read();
      if (next.done || outgoing.destroyed) break;
      if (!outgoing.write(next.value))
        await Promise.race([closed, new Promise<void>((resolve) => outgoing.once('drain', resolve))]);
    }
  }
  outgoing.end();
}

/** `undefined` for an address or a header that no request can have. */
function requestOf(incoming: NodeIncoming, signal: AbortSignal): Request | undefined {
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  try {
    const all = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined || name.startsWith(':') ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]],
    );
    const { host = 'localhost' } = headers;
    return new Request(new URL(url, `http://${String(host)}`), {
      method,
      headers: all,
      signal,
      ...(hasBody && { body: ReadableStream.from(incoming), duplex: 'half' }),
    });
  } catch {
    return undefined;
  }
}

function headersOf(headers: Headers): Record<string, string | string[]> {
  const cookies = headers.getSetCookie();
  return { ...Object.fromEntries(headers), ...(cookies.length > 0 && { 'set-cookie': cookies }) };
}
