import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a body that nobody wants any more is read and thrown away, so that its sender gets to read the answer. */
const LINGER_MS = 2000;

/** Bounds what a client may still send once it has its answer: a body that does not end soon ends with its connection. */
export function dropRest(request: IncomingMessage, response: ServerResponse): void {
  request.on('error', () => undefined);
  response.once('finish', () => {
    if (!request.complete) setTimeout(() => request.complete || request.destroy(), LINGER_MS).unref();
  });
}
