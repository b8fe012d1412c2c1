import { defineCheck, type Found } from '../check.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/** What is fine on one's own machine is not on a network. */
export const settingsPublic = defineCheck({
  id: 'settings-public',
  title: 'Whether settings fit a gateway that others reach',
  codes: {
    'settings-cors-any': { severity: 'warning', title: 'Pages of every origin may call the management' },
    'settings-plain-http': { severity: 'info', title: 'Keys may travel unencrypted' },
  },
  symptoms: ['generation-authentication'],
  reach: 'here',
  needs: ['settings'],
  run: ({ settings: { host, management } }) => {
    const found: Found[] = [];
    if (management.corsOrigins.includes('*'))
      found.push({
        code: 'settings-cors-any',
        subject: 'setting CORS_ORIGIN',
        cause: 'CORS_ORIGIN is *: any page that somebody opens may call the management with what their browser knows.',
        remedy: 'Name the origins of your own pages: CORS_ORIGIN=https://console.example.com',
        evidence: { CORS_ORIGIN: '*' },
      });
    if (!isLoopbackHost(host))
      found.push({
        code: 'settings-plain-http',
        subject: 'setting HOST',
        cause: `HOST=${host}: whoever is on the network between can read keys and prompts, unless a proxy with TLS stands before it.`,
        remedy: 'Put a proxy with TLS before it (Caddy: `reverse_proxy 127.0.0.1:8000`) and set HOST=127.0.0.1.',
        evidence: { HOST: host },
      });
    return Promise.resolve(found);
  },
});
