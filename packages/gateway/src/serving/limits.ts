import type { OperationFailure } from '@patchbay/contract';
import type { Clock } from '@patchbay/llm/model/clock';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { addressGroup } from '../identity/address-group.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import { sessionCookieIn } from '../identity/session-cookie.ts';
import { CountingWindow } from '../identity/counting-window.ts';

export interface LimitParts {
  /** Requests by address and window; 0 for any number. */
  readonly max: number;
  readonly windowMs: number;
  /** Setting that raises the number. Default `API_RATE_LIMIT_MAX`. */
  readonly setting?: string;
  readonly clock: Clock;
  readonly authenticator: Pick<Authenticator, 'sessionOf'>;
}

/** Counts a request and writes where its caller stands; what to answer when it was one too many. */
export type Limiter = (request: FastifyRequest, reply: FastifyReply) => Promise<OperationFailure | undefined>;

/** A console in use asks a few times in a minute on each of its pages: thirty times what an address may. */
const CONSOLE_FACTOR = 30;

/** Those that watch whether we live ask for ever. */
const UNCOUNTED = new Set(['/api/health', '/api/system/health']);

/**
 * Counts by address. The console, a page of our own origin with somebody signed in, has a larger count for its session,
 * so that neither scripts on its machine starve it nor it them.
 */
export function createLimiter({ max, windowMs, clock, authenticator, setting = USUAL_SETTING }: LimitParts): Limiter {
  if (max === 0) return () => Promise.resolve(undefined);
  const counts = new CountingWindow(windowMs, () => clock.nowMs());
  return async (request, reply) => {
    if (UNCOUNTED.has(request.routeOptions.url ?? '')) return undefined;
    const { headers } = request;
    // Over plain HTTP to another machine browsers do not say where a request comes from, but they send the cookie.
    const isConsole = headers['sec-fetch-site'] === 'same-origin' || sessionCookieIn(headers) !== undefined;
    const session = isConsole ? await authenticator.sessionOf(headers) : undefined;
    const limit = session === undefined ? max : max * CONSOLE_FACTOR;
    const { count, endsAtMs } = counts.add(session ?? addressGroup(request.socket.remoteAddress ?? ''));
    writeHeaders(reply, { limit, remaining: Math.max(0, limit - count), endsAtMs });
    return count > limit ? tooMany(setting, { limit, windowMs, waitMs: endsAtMs - clock.nowMs() }) : undefined;
  };
}

interface Standing {
  readonly limit: number;
  readonly remaining: number;
  readonly endsAtMs: number;
}

/** Clients of one kind read the end as a date, clients of another as seconds since 1970. */
function writeHeaders(reply: FastifyReply, { limit, remaining, endsAtMs }: Standing): void {
  reply.headers({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': new Date(endsAtMs).toISOString(),
    'x-rate-limit-limit': String(limit),
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(Math.ceil(endsAtMs / 1000)),
  });
}

const USUAL_SETTING = 'API_RATE_LIMIT_MAX';

const tooMany = (
  setting: string,
  { limit, windowMs, waitMs }: { readonly limit: number; readonly windowMs: number; readonly waitMs: number },
): OperationFailure => ({
  code: 'RATE_LIMIT_EXCEEDED',
  message:
    `More than ${limit} requests in ${Math.round(windowMs / 1000)} seconds. ` +
    `Wait ${Math.ceil(waitMs / 1000)} seconds, or raise ${setting}.`,
  retryAfterMs: waitMs,
});
