import type { UpstreamRequest } from '../transport/exchange.ts';

/** A request's body as text. */
export const textOfBody = (body: UpstreamRequest['body']): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body);
