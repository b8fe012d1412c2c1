import { defineCheck } from '../check.ts';

const UNTRUSTED = ['provider-certificate-untrusted', 'provider-certificate-self-signed'] as const;

/** Node.js starts without authorities that it cannot read, and every server under them is a stranger. */
export const settingsAuthorities = defineCheck({
  id: 'settings-authorities',
  title: 'Whether the certificates that NODE_EXTRA_CA_CERTS names can be trusted',
  codes: {
    'settings-authorities-unreadable': {
      severity: 'error',
      title: 'Authorities that should be trusted cannot be read',
      explains: UNTRUSTED,
    },
    'settings-authorities-expired': { severity: 'warning', title: 'Authorities that should be trusted have expired' },
  },
  symptoms: ['providers-unreachable', 'integration-connectivity', 'library-network', 'library-configuration'],
  reach: 'here',
  needs: ['authorities'],
  run: async ({ authorities }) => {
    const { file } = authorities;
    const problem = await authorities.problem();
    if (problem === undefined) return [];
    const isExpired = problem.kind === 'expired';
    return [
      {
        code: isExpired ? 'settings-authorities-expired' : 'settings-authorities-unreadable',
        subject: 'setting NODE_EXTRA_CA_CERTS',
        cause: `${file}, which NODE_EXTRA_CA_CERTS names, ${isExpired ? 'has certificates that have expired' : 'is not trusted'}: ${problem.why}.`,
        remedy: `Put the authority's certificate there as PEM, readable for whoever runs Patchbay (\`openssl x509 -in ${file} -noout -subject -enddate\` must show it), and start again.`,
        evidence: { file, why: problem.why },
      },
    ];
  },
});
