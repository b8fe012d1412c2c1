import { defineCheck } from '../check.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/** What is fine on one's own machine is not on a network. Origins for browsers need no look: `*` is refused at the start. */
export const settingsPublic = defineCheck({
  id: 'settings-public',
  title: 'Whether settings fit a gateway that others reach',
  codes: { 'settings-plain-http': { severity: 'info', title: 'Keys may travel unencrypted' } },
  symptoms: ['generation-authentication'],
  reach: 'here',
  needs: ['settings'],
  run: ({ settings: { host } }) =>
    Promise.resolve(
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
          ],
    ),
});
