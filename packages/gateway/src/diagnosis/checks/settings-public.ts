import type { Settings } from '../../config/settings.ts';
import { defineCheck, type Found } from '../check.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/** What is fine on one's own machine is not on a network. Origins for browsers need no look: `*` is refused at the start. */
export const settingsPublic = defineCheck({
  id: 'settings-public',
  title: 'Whether settings fit a gateway that others reach',
  codes: {
    'settings-plain-http': { severity: 'info', title: 'Keys may travel unencrypted' },
    'settings-debug-open': { severity: 'warning', title: 'Whoever reaches this machine may look into the gateway' },
  },
  symptoms: ['generation-authentication'],
  reach: 'here',
  needs: ['settings'],
  run: ({ settings }) => Promise.resolve([...plainHttp(settings), ...debugOpen(settings)]),
});

const plainHttp = ({ host }: Settings): readonly Found[] =>
  isLoopbackHost(host)
    ? []
    : [
        {
          code: 'settings-plain-http',
          subject: 'setting HOST',
          cause: `HOST=${host}: whoever is on the network between can read keys and prompts, unless a proxy with TLS stands before it.`,
          remedy: 'Put a proxy with TLS before it (Caddy: `reverse_proxy 127.0.0.1:8000`) and set HOST=127.0.0.1.',
          evidence: { HOST: host },
        },
      ];

/** On loopback in production there is a proxy in front, from which everybody's requests come. */
function debugOpen({ host, debug }: Settings): readonly Found[] {
  const { isOpen, isProduction = false } = debug;
  if (!isOpen || (isLoopbackHost(host) && !isProduction)) return [];
  const where = isProduction ? 'ENVIRONMENT=production' : `HOST=${host}`;
  return [
    {
      code: 'settings-debug-open',
      subject: 'setting DEBUG',
      cause: `DEBUG=true with ${where}: /v1/debug/* needs no credential from this machine, a proxy in front of the gateway makes everybody a local caller, and the log tells every step.`,
      remedy: 'Remove DEBUG and start again; an administrative key opens /v1/debug/* all the same.',
      evidence: { DEBUG: 'true', HOST: host, production: isProduction },
    },
  ];
}
