import type { Clock } from '../../model/clock.ts';
import type { Exchange } from '../../transport/exchange.ts';
import type { OAuthWay } from '../oauth/token-endpoint.ts';

/** How a program's requests get to authorization servers. */
export interface AuthenticatorParts {
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Whether secrets may go there unencrypted. Default: to this machine alone. */
  readonly allowsHttp?: (hostname: string) => boolean;
}

/** The way to one authorization server, under the user agent of the program if it has one. */
export function wayOf({ exchange, ...parts }: AuthenticatorParts, userAgent: string | undefined): OAuthWay {
  if (userAgent === undefined) return { ...parts, exchange };
  return {
    ...parts,
    exchange: {
      send: ({ headers, ...request }, signal) =>
        exchange.send({ ...request, headers: { ...headers, 'user-agent': userAgent } }, signal),
    },
  };
}
