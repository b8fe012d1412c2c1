import { lookup as systemLookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';

/** Longest wait for one answer of the name service, in milliseconds, and how often it is asked. */
const ANSWER_MS = 1000;
const TRIES = 2;

/**
 * All addresses of `hostname`; rejects when there are none. Names come from our own resolver: `getaddrinfo` answers a
 * few at a time, so that one dead name would block all others.
 */
export async function resolveName(hostname: string, named: boolean): Promise<readonly string[]> {
  // RFC 6761: the name is loopback everywhere and must not be asked of a name service.
  if (/(?:^|\.)localhost\.?$/i.test(hostname)) return ['127.0.0.1', '::1'];
  const resolver = new Resolver({ timeout: ANSWER_MS, tries: TRIES });
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const addresses = [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  // A host the operator named may live only in the hosts file, which the name service does not know.
  if (named) return await fromSystem(hostname);
  throw four.status === 'rejected' ? four.reason : new Error(`The name ${hostname} has no address.`);
}

const fromSystem = (hostname: string): Promise<readonly string[]> =>
  new Promise((done, fail) => {
    systemLookup(hostname, { all: true }, (error, found) =>
      error ? fail(error) : done(found.map(({ address }) => address)),
    );
  });
