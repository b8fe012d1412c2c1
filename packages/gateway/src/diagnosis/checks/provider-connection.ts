import type { ProviderRuntime } from '../../pipeline/ports.ts';
import { defineCheck, type CodeFacts, type Found } from '../check.ts';
import { findingOfNetwork, NO_NAMES, NO_WAY } from '../network-codes.ts';
import type { Reached } from '../probe/prober.ts';
import { sideBySide } from '../side-by-side.ts';

const SOON_MS = 14 * 86_400_000;
/** Addresses that are tried side by side. */
const AT_ONCE = 16;

/** What a provider that cannot be reached makes fail besides. */
const WITHOUT_IT = ['provider-http-fails', 'provider-path-wrong', 'calls-cannot-connect', 'calls-time-out'];
const facts = (title: string, severity: CodeFacts['severity'] = 'error'): CodeFacts => ({
  severity,
  title,
  explains: WITHOUT_IT,
});

type Failed = NonNullable<Reached['failed']>;
type Named = readonly [string, ProviderRuntime];

/** Goes to each provider as far as HTTP: its name, its port, its certificate. */
export const providerConnection = defineCheck({
  id: 'provider-connection',
  title: 'Whether providers can be reached: name, port and certificate',
  codes: {
    'name-service-dead': facts('Names cannot be looked up'),
    'network-down': facts('Nothing outside can be reached'),
    'provider-name-unknown': facts('The name of a provider’s address does not exist'),
    'provider-address-private': facts('A provider’s address is private and not allowed'),
    'provider-port-closed': facts('Nothing listens at a provider’s address'),
    'provider-no-answer': facts('A provider’s address does not answer'),
    'provider-not-tls': facts('A provider’s address does not speak TLS'),
    'provider-certificate-expired': facts('A provider’s certificate has expired'),
    'provider-certificate-not-yet-valid': facts('A provider’s certificate is not valid yet'),
    'provider-certificate-self-signed': facts('A provider’s certificate is signed by itself'),
    'provider-certificate-untrusted': facts('A provider’s certificate is not trusted here'),
    'provider-certificate-wrong-name': facts('A provider’s certificate is for another name'),
    'provider-certificate-soon': { severity: 'warning', title: 'A provider’s certificate is about to expire' },
  },
  symptoms: ['providers-unreachable', 'providers-test', 'integration-connectivity', 'library-network'],
  reach: 'network',
  needs: ['registry', 'prober', 'records', 'clock'],
  run: async ({ registry, prober, records, clock }, signal) => {
    const byAddress = Map.groupBy(directly(registry.current().runtimes), ([, { baseUrl }]) => new URL(baseUrl).origin);
    const tried: { readonly providers: readonly Named[]; readonly reached: Reached }[] = [];
    const reach = async (providers: readonly Named[]): Promise<void> => {
      const [first] = providers;
      if (first !== undefined) tried.push({ providers, reached: await prober.reach(first[1].baseUrl) });
    };
    await sideBySide(byAddress.values(), reach, { atOnce: AT_ONCE, clock, signal });
    const known = new Set(records.flatMap(({ baseUrl }) => URL.parse(baseUrl)?.hostname ?? []));
    const { found, explained } = ofTheWhole(
      tried.map(({ reached }) => reached),
      known,
    );
    const single = tried
      .filter(({ reached }) => !explained.has(reached))
      .flatMap(({ providers, reached }) => providers.flatMap((each) => ofProvider(each, reached, clock.nowMs())));
    return [...found, ...single];
  },
});

/** Providers that are dialled from here: the simulator is not, nor those all of whose accounts go through proxies. */
const directly = (runtimes: ReadonlyMap<string, ProviderRuntime>): readonly Named[] =>
  [...runtimes].filter(
    ([id, { pool, baseUrl }]) =>
      id !== 'simulator' && URL.canParse(baseUrl) && pool.seats.some(({ facts: seat }) => seat.proxyId === undefined),
  );

/** A name service that takes no questions is refused like any other connection. */
const isNoService = (code: string): boolean => NO_NAMES.has(code) || code === 'ECONNREFUSED';

type Lost = Reached & { readonly failed: Failed };

const isLost = (reached: Reached): reached is Lost => reached.failed !== undefined;

/** One cause for many that fail: then none of them is found by itself. `known`: hosts that certainly exist. */
function ofTheWhole(
  reached: readonly Reached[],
  known: ReadonlySet<string>,
): { readonly found: readonly Found[]; readonly explained: ReadonlySet<Reached> } {
  const lost = reached.filter(isLost);
  const nameless = lost.filter(({ failed: { phase, code } }) => phase === 'dns' && code !== 'EGRESS_DENIED');
  const isServiceDead = nameless.some(({ host, failed: { code } }) => isNoService(code) || known.has(host));
  const far = lost.filter(
    ({ failed: { phase, code } }) => phase === 'tcp' && (NO_WAY.has(code) || code === 'ETIMEDOUT'),
  );
  const isNetworkDown = far.length > 1 && far.length === reached.length;
  return {
    found: [...(isServiceDead ? [serviceDead(nameless)] : []), ...(isNetworkDown ? [networkDown(far)] : [])],
    explained: new Set([...(isServiceDead ? nameless : []), ...(isNetworkDown ? far : [])]),
  };
}

const hostsOf = (lost: readonly Lost[]): string =>
  lost
    .map(({ host }) => host)
    .join(', ')
    .slice(0, 300);

const serviceDead = (nameless: readonly Lost[]): Found => ({
  code: 'name-service-dead',
  subject: 'gateway',
  cause: `The name service does not tell where ${hostsOf(nameless)} are.`,
  remedy: 'Look at /etc/resolv.conf, and try `getent hosts api.openai.com` on this machine (in its container).',
  evidence: { hosts: hostsOf(nameless), code: nameless[0]?.failed.code ?? '' },
});

const networkDown = (far: readonly Lost[]): Found => ({
  code: 'network-down',
  subject: 'gateway',
  cause: `No way leads to any provider: ${hostsOf(far)}.`,
  remedy:
    'Look at this machine’s network: `ip route` must show a default route; a firewall or the policy of a container may cut it off.',
  evidence: { hosts: hostsOf(far), code: far[0]?.failed.code ?? '' },
});

function ofProvider(
  [id, { baseUrl }]: Named,
  { host, port, failed, certificateEndsMs }: Reached,
  nowMs: number,
): readonly Found[] {
  const named = { subject: `provider ${id}`, evidence: { provider: id, host, port } };
  const look = `Look closer: \`curl -v ${baseUrl}\``;
  if (failed !== undefined) {
    const code = findingOfNetwork(failed.phase, failed.code);
    const evidence = { ...named.evidence, phase: failed.phase, code: failed.code };
    const remedy = REMEDIES[code]?.replaceAll('{host}', host).replaceAll('{port}', String(port));
    return [{ ...named, code, cause: failed.finding, remedy: `${remedy ?? ''} ${look}`.trim(), evidence }];
  }
  if (certificateEndsMs === undefined || certificateEndsMs > nowMs + SOON_MS) return [];
  const ends = new Date(certificateEndsMs).toISOString();
  return [
    {
      ...named,
      code: 'provider-certificate-soon',
      cause: `The certificate of ${host} ends on ${ends}.`,
      remedy: `Its operator must renew it before then. ${look}`,
      evidence: { ...named.evidence, ends },
    },
  ];
}

const SHOW =
  '`openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -dates -subject -ext subjectAltName`';

const REMEDIES: Readonly<Record<string, string>> = {
  'provider-name-unknown': 'Correct the endpoint’s host name: Console → Providers, or `<PROVIDER>_BASE_URL`.',
  'provider-address-private': 'If the gateway is meant to call it, add `EGRESS_ALLOW={host}` and start again.',
  'provider-port-closed': 'Start the server at {host}:{port}, or correct the port of the endpoint.',
  'provider-no-answer': 'Let {host}:{port} through the firewall, or give the accounts a proxy that reaches it.',
  'provider-not-tls': 'Write http:// in the endpoint if the server speaks plain HTTP.',
  'provider-certificate-expired': `Whoever runs {host} must renew its certificate: ${SHOW}.`,
  'provider-certificate-not-yet-valid': `Set this machine’s clock (\`timedatectl\`), or wait until the certificate is valid: ${SHOW}.`,
  'provider-certificate-self-signed':
    'Save the certificate as PEM and start with `NODE_EXTRA_CA_CERTS=/path/to/it.pem`, or give {host} one that is trusted.',
  'provider-certificate-untrusted':
    'Save its authority as PEM and start with `NODE_EXTRA_CA_CERTS=/path/to/ca.pem`, or let {host} send its whole chain.',
  'provider-certificate-wrong-name': `Call it by a name that its certificate has: ${SHOW}.`,
};
